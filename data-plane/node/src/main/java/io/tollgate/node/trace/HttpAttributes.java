package io.tollgate.node.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Exchange;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;

/**
 * The attributes of spans: those of the semantic conventions of OpenTelemetry for HTTP, and our own. No query is told, since it
 * may hold a key. Immutable functions.
 */
final class HttpAttributes {
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    static final AttributeKey<Long> RESENDS = AttributeKey.longKey("http.request.resend_count");
    static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
    static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    static final AttributeKey<String> URL_FULL = AttributeKey.stringKey("url.full");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("tollgate.outcome");
    static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("tollgate.request_id");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("tollgate.route");
    static final AttributeKey<String> SERVICE = AttributeKey.stringKey("tollgate.service");
    static final AttributeKey<String> CONSUMER = AttributeKey.stringKey("tollgate.consumer");
    static final AttributeKey<String> PLAN = AttributeKey.stringKey("tollgate.plan");

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> METHOD_ORIGINAL = AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> URL_SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> CLIENT_ADDRESS = AttributeKey.stringKey("client.address");
    private static final AttributeKey<Long> REQUEST_BYTES = AttributeKey.longKey("http.request.body.size");
    private static final AttributeKey<Long> RESPONSE_BYTES = AttributeKey.longKey("http.response.body.size");

    private HttpAttributes() {}

    /** The method as the name of a span tells it: one that is not of the common ones is not told. */
    static String method(Exchange exchange) {
        String method = exchange.request().method().name();
        return isCommon(method) ? method : "HTTP";
    }

    static void putMethod(AttributesBuilder told, Exchange exchange) {
        String method = exchange.request().method().name();
        if (isCommon(method)) {
            told.put(METHOD, method);
        } else {
            told.put(METHOD, "_OTHER");
            told.put(METHOD_ORIGINAL, method);
        }
    }

    static void putRequest(AttributesBuilder told, Exchange exchange) {
        told.put(URL_PATH, exchange.path());
        told.put(URL_SCHEME, exchange.isSecure() ? "https" : "http");
        told.put(CLIENT_ADDRESS, exchange.clientAddress());
        told.put(REQUEST_BYTES, exchange.requestBytes());
        told.put(RESPONSE_BYTES, exchange.responseBytes());
        HttpVersion version = exchange.request().version();
        if (version != null) {
            told.put(
                    VERSION,
                    switch (version) {
                        case HTTP_1_0 -> "1.0";
                        case HTTP_1_1 -> "1.1";
                        case HTTP_2 -> "2";
                    });
        }
        if (!exchange.client().host().isEmpty()) {
            told.put(SERVER_ADDRESS, exchange.client().host());
            HostAndPort authority = exchange.request().authority();
            if (authority != null && authority.port() > 0) {
                told.put(SERVER_PORT, (long) authority.port());
            }
        }
    }

    /** Where an attempt goes, without a query. */
    static String url(Exchange exchange, TargetState target) {
        Upstream service = exchange.service();
        if (service == null) {
            return "http://" + target + exchange.forwardedPath();
        }
        String scheme = service.transport().tls() == null ? "http://" : "https://";
        return scheme + target + service.pathPrefix() + exchange.forwardedPath();
    }

    // RFC 9110, 9.3, and PATCH (RFC 5789).
    private static boolean isCommon(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH" -> true;
            default -> false;
        };
    }
}
