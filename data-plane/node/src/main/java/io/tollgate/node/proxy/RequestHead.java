package io.tollgate.node.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.tollgate.engine.action.FieldEdits;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.ConnectionNames;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GrpcCall;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.NameSet;
import io.tollgate.node.exchange.ProxyChain;
import io.tollgate.node.exchange.RequestIds;
import io.tollgate.node.exchange.TraceParent;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpVersion;
import java.util.Iterator;
import java.util.Map;

/** Copies the head of a request for the upstream, once. Event-loop confined. */
final class RequestHead {
    private static final HeadForm.OwnName VIA = new HeadForm.OwnName("Via");
    private static final HeadForm.OwnName FORWARDED = new HeadForm.OwnName("Forwarded");
    private static final HeadForm.OwnName X_FORWARDED_FOR = new HeadForm.OwnName("X-Forwarded-For");
    private static final HeadForm.OwnName X_FORWARDED_PROTO = new HeadForm.OwnName("X-Forwarded-Proto");
    private static final HeadForm.OwnName X_FORWARDED_HOST = new HeadForm.OwnName("X-Forwarded-Host");
    private static final HeadForm.OwnName X_ATTEMPT = new HeadForm.OwnName("X-Attempt");
    private static final AsciiString VIA_11 = AsciiString.cached("1.1 tollgate");
    private static final AsciiString VIA_20 = AsciiString.cached("2.0 tollgate");
    private static final AsciiString VIA_10 = AsciiString.cached("1.0 tollgate");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString TE = AsciiString.cached("TE");
    private static final HeadForm.OwnName X_REQUEST_ID = new HeadForm.OwnName(RequestIds.FIELD);
    private static final HeadForm.OwnName GRPC_TIMEOUT = new HeadForm.OwnName(GrpcCall.TIMEOUT);
    private static final AsciiString TIMEOUT = AsciiString.cached(GrpcCall.TIMEOUT);
    private static final AsciiString ATTEMPT = AsciiString.cached("X-Attempt");

    private final HeadWriter bytes = new HeadWriter();
    private final Http2HeadWriter headers = new Http2HeadWriter();
    private final NameSet own;
    private boolean upgrades;

    /** @param own fields that never pass, since they end here or are written here */
    RequestHead(NameSet own) {
        this.own = own;
    }

    /** Fields that never pass, since they end here or are written here. */
    NameSet own() {
        return own;
    }

    /** The head for HTTP/1.1, which asks for a WebSocket if the client does: the exchange then knows the key. */
    HeadWriter upgradableBytes(Exchange exchange, Upstream upstream, String targetHostField) {
        upgrades = true;
        return http1(exchange, upstream, targetHostField);
    }

    /** The head for HTTP/1.1, of a call that becomes no stream. */
    HeadWriter bytes(Exchange exchange, Upstream upstream, String targetHostField) {
        upgrades = false;
        return http1(exchange, upstream, targetHostField);
    }

    private HeadWriter http1(Exchange exchange, Upstream upstream, String targetHostField) {
        write(bytes, exchange, upstream, targetHostField);
        bytes.endLine();
        return bytes;
    }

    /** The head for HTTP/2. */
    Http2Headers headers(Exchange exchange, Upstream upstream, String targetHostField) {
        upgrades = false;
        write(headers, exchange, upstream, targetHostField);
        return headers.taken();
    }

    /** Writes the head; what is said about forwarding is replaced, by what is known and what is believed. */
    private void write(HeadForm form, Exchange exchange, Upstream upstream, String targetHostField) {
        line(form, exchange, upstream);
        String hostField = exchange.client().hostField();
        form.host(host(exchange, upstream, targetHostField));
        copy(form, exchange);
        form.frame(exchange.body());
        HeadRewrite rewrite = exchange.headRewrite();
        if (rewrite != null) {
            rewrite.append(form, exchange);
        }
        forwarded(form, exchange, hostField);
        if (exchange.scratch().requestIds().rules().toUpstream()) {
            form.own(X_REQUEST_ID, exchange.requestId());
        }
        TraceParent cause = exchange.toldTrace();
        if (cause != null) {
            cause.appendTo(form);
        }
        if (exchange.toldTimeoutNanos() > 0) {
            form.own(GRPC_TIMEOUT, GrpcCall.timeoutField(exchange.toldTimeoutNanos()));
        }
        if (exchange.markedAttempt() > 0) {
            form.own(X_ATTEMPT, Integer.toString(exchange.markedAttempt()));
        }
    }

    private static String host(Exchange exchange, Upstream upstream, String targetHostField) {
        if (!exchange.forwardedHost().isEmpty()) {
            return exchange.forwardedHost();
        }
        String own = exchange.client().hostField();
        return upstream.preserveHost() && !own.isEmpty() ? own : targetHostField;
    }

    private static void line(HeadForm form, Exchange exchange, Upstream upstream) {
        form.begin(exchange.request().method().name(), upstream.transport().tls() != null);
        form.target(upstream.pathPrefix()).target(exchange.forwardedPath());
        HeadRewrite rewrite = exchange.headRewrite();
        String query = rewrite == null ? exchange.query() : rewrite.query(exchange);
        if (!query.isEmpty() || (exchange.hasQuery() && exchange.query().isEmpty())) {
            form.target("?").target(query);
        }
        form.endTarget();
    }

    private void copy(HeadForm form, Exchange exchange) {
        MultiMap headers = exchange.request().headers();
        NameSet named = ConnectionNames.of(headers);
        HeadRewrite rewrite = exchange.headRewrite();
        FieldEdits edits = rewrite == null ? FieldEdits.NO_HEADERS : rewrite.requestEdits();
        long seen = 0;
        boolean trailers = false;
        Iterator<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> fields = fields(headers);
        while (fields.hasNext()) {
            Map.Entry<? extends CharSequence, ? extends CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            if (own.contains(name)) {
                trailers |= TE.contentEqualsIgnoreCase(name)
                        && AsciiString.containsIgnoreCase(field.getValue(), "trailers");
            } else if ((named.isEmpty() || !named.contains(name))
                    && (rewrite == null || !rewrite.drops(name, exchange))
                    && (exchange.markedAttempt() == 0 || !ATTEMPT.contentEqualsIgnoreCase(name))
                    && (exchange.toldTimeoutNanos() == 0 || !TIMEOUT.contentEqualsIgnoreCase(name))) {
                int slot = edits.slot(name);
                if (slot < 0) {
                    form.copy(name, field.getValue());
                } else {
                    seen |= 1L << slot;
                    String finalName = edits.keepsName(slot) ? name.toString() : edits.finalName(slot);
                    if (finalName != null && !isReserved(finalName, exchange)) {
                        form.copy(finalName, field.getValue());
                    }
                }
            }
        }
        add(form, edits, seen, exchange);
        if (upgrades && !named.isEmpty() && named.contains(HttpHeaderNames.UPGRADE)) {
            String key = Handshake.key(exchange.request(), exchange.body());
            if (key != null) {
                exchange.upgradeKey(key);
                bytes.upgrade();
                return;
            }
        }
        if (trailers) {
            form.trailersWelcome();
        }
    }

    private static Iterator<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> fields(
            MultiMap headers) {
        // Vert.x hands out the very fields that Netty decoded, but for those of HTTP/2; this view of them makes no
        // strings.
        return headers instanceof HttpHeaders decoded ? decoded.iteratorCharSequence() : headers.iterator();
    }

    private void add(HeadForm form, FieldEdits edits, long seen, Exchange exchange) {
        long made = 0;
        for (int i = 0; i < edits.additionCount(); i++) {
            FieldEdits.Addition addition = edits.addition(i);
            String value = addition.isDue(seen, made) ? addition.value().fieldValue(exchange.facts()) : "";
            if (!value.isEmpty()) {
                made |= 1L << i;
                if (!addition.name().isEmpty() && !isReserved(addition.name(), exchange)) {
                    form.copy(addition.name(), value);
                }
            }
        }
    }

    private boolean isReserved(String name, Exchange exchange) {
        if (own.contains(name)) {
            return true;
        }
        HeadRewrite rewrite = exchange.headRewrite();
        return rewrite != null && rewrite.reserves(name, exchange);
    }

    private static void forwarded(HeadForm form, Exchange exchange, String hostField) {
        form.own(VIA, via(exchange.request().version()));
        ProxyChain proxies = exchange.proxies();
        String forwarded = exchange.client().forwarded();
        String address = exchange.client().address();
        form.own(FORWARDED, proxies == null ? forwarded : proxies.forwarded() + ", " + forwarded);
        form.own(X_FORWARDED_FOR, proxies == null ? address : proxies.forwardedFor() + ", " + address);
        form.own(X_FORWARDED_PROTO, exchange.isSecure() ? HTTPS : HTTP);
        String host = proxies == null || proxies.host().isEmpty() ? hostField : proxies.host();
        if (!host.isEmpty()) {
            form.own(X_FORWARDED_HOST, host);
        }
    }

    private static AsciiString via(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> VIA_10;
            case HTTP_1_1 -> VIA_11;
            case HTTP_2 -> VIA_20;
        };
    }
}
