package io.tollgate.node.listener;

import io.tollgate.engine.route.DuplicateSlashes;
import io.tollgate.engine.route.HostText;
import io.tollgate.engine.route.RequestTarget;
import io.tollgate.node.exchange.Client;
import io.tollgate.node.exchange.Exchange;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Iterator;
import java.util.Map;

/**
 * Whether a request can be read in one way only: its target, its host, and where its body ends. What it reads it tells the
 * exchange. Event-loop confined.
 */
final class RequestReading {
    private final RequestTarget target = new RequestTarget();

    /** Whether the request is clear; a target in absolute-form (RFC 9112, 3.2.2) counts as the path that it names. */
    boolean isClear(Exchange exchange, DuplicateSlashes slashes) {
        if (!(target.read(exchange.request().uri(), slashes) || readAbsolute(exchange, slashes))) {
            return false;
        }
        exchange.target(target.path(), target.query(), target.hasQuery());
        return isClearWithoutTarget(exchange);
    }

    /** The same of a request that asks for nothing of the server's. */
    static boolean isClearWithoutTarget(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        HttpVersion version = request.version();
        return version != null && isFramed(request, version) && readHost(request, version, exchange.client());
    }

    private boolean readAbsolute(Exchange exchange, DuplicateSlashes slashes) {
        HttpServerRequest request = exchange.request();
        if (!exchange.ownsConnection()) {
            return false;
        }
        String origin = AbsoluteForm.origin(
                request.uri(),
                request.headers().get(HttpHeaders.HOST),
                exchange.client().isSecure());
        return origin != null && target.read(origin, slashes);
    }

    // A coding that is not exactly "chunked" is where two programs disagree about where a body ends (RFC 9112, 6.1).
    private static boolean isFramed(HttpServerRequest request, HttpVersion version) {
        MultiMap headers = request.headers();
        String coding = headers.get(HttpHeaders.TRANSFER_ENCODING);
        return coding == null
                || (version != HttpVersion.HTTP_1_0
                        && "chunked".equalsIgnoreCase(coding)
                        && headers.getAll(HttpHeaders.TRANSFER_ENCODING).size() == 1);
    }

    private static boolean readHost(HttpServerRequest request, HttpVersion version, Client client) {
        MultiMap headers = request.headers();
        String field = headers.get(HttpHeaders.HOST);
        if (field == null) {
            client.host("", "");
            return version == HttpVersion.HTTP_1_0;
        }
        if (isRepeated(headers)) {
            return false;
        }
        if (!client.knowsHost(field)) {
            String host = HostText.parse(field);
            if (host == null) {
                return false;
            }
            client.host(field, host);
        }
        return true;
    }

    private static boolean isRepeated(MultiMap headers) {
        if (!(headers instanceof io.netty.handler.codec.http.HttpHeaders decoded)) {
            // Over HTTP/2 there is one by now, or none.
            return false;
        }
        int count = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = decoded.iteratorCharSequence();
        while (fields.hasNext()) {
            CharSequence name = fields.next().getKey();
            if (name.length() == 4 && io.netty.util.AsciiString.contentEqualsIgnoreCase(name, HttpHeaders.HOST)) {
                count++;
            }
        }
        return count > 1;
    }
}
