package io.tollgate.node.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.tollgate.engine.action.FieldEdits;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.NameSet;
import io.tollgate.node.exchange.RequestBody;
import io.tollgate.node.exchange.RequestIds;
import io.tollgate.node.exchange.TraceParent;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** Copies the head of a request for the upstream, once. Event-loop confined. */
final class RequestHead {
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] VIA_11 = ascii("Via: 1.1 tollgate\r\n");
    private static final byte[] VIA_10 = ascii("Via: 1.0 tollgate\r\n");
    private static final byte[] FORWARDED = ascii("Forwarded: ");
    private static final byte[] X_FORWARDED_FOR = ascii("X-Forwarded-For: ");
    private static final byte[] X_FORWARDED_PROTO = ascii("X-Forwarded-Proto: http\r\n");
    private static final byte[] X_FORWARDED_HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] TE_TRAILERS = ascii("TE: trailers\r\nConnection: TE\r\n");
    private static final AsciiString TE = AsciiString.cached("TE");
    private static final byte[] X_REQUEST_ID = ascii(RequestIds.FIELD + ": ");
    private static final byte[] X_ATTEMPT = ascii("X-Attempt: ");
    private static final AsciiString ATTEMPT = AsciiString.cached("X-Attempt");

    private final HeadWriter writer;
    private final NameSet own;

    /** @param own fields that never pass, since they end here or are written here */
    RequestHead(HeadWriter writer, NameSet own) {
        this.own = own;
        this.writer = writer;
    }

    /** Writes the head; no trusted proxies stand before a node, so what the client says about forwarding is replaced. */
    HeadWriter write(Exchange exchange, Upstream upstream, String targetHostField, RequestBody body) {
        writer.begin();
        line(exchange, upstream);
        String hostField = exchange.client().hostField();
        writer.raw(HOST).raw(host(exchange, upstream, targetHostField));
        writer.endLine();
        copy(exchange);
        frame(body);
        HeadRewrite rewrite = exchange.headRewrite();
        if (rewrite != null) {
            rewrite.append(writer, exchange);
        }
        forwarded(exchange, hostField);
        if (exchange.scratch().requestIds().rules().toUpstream()) {
            writer.raw(X_REQUEST_ID).raw(exchange.requestId());
            writer.endLine();
        }
        TraceParent cause = exchange.toldTrace();
        if (cause != null) {
            cause.appendTo(writer);
        }
        if (exchange.markedAttempt() > 0) {
            writer.raw(X_ATTEMPT).raw(Integer.toString(exchange.markedAttempt()));
            writer.endLine();
        }
        writer.endLine();
        return writer;
    }

    private static String host(Exchange exchange, Upstream upstream, String targetHostField) {
        if (!exchange.forwardedHost().isEmpty()) {
            return exchange.forwardedHost();
        }
        String own = exchange.client().hostField();
        return upstream.preserveHost() && !own.isEmpty() ? own : targetHostField;
    }

    private void line(Exchange exchange, Upstream upstream) {
        writer.raw(exchange.request().method().name()).raw(' ').raw(upstream.pathPrefix());
        writer.raw(exchange.forwardedPath());
        HeadRewrite rewrite = exchange.headRewrite();
        String query = rewrite == null ? exchange.query() : rewrite.query(exchange);
        if (!query.isEmpty() || (exchange.hasQuery() && exchange.query().isEmpty())) {
            writer.raw('?').raw(query);
        }
        writer.raw(VERSION);
    }

    private void copy(Exchange exchange) {
        MultiMap headers = exchange.request().headers();
        NameSet named = HopByHop.named(headers);
        HeadRewrite rewrite = exchange.headRewrite();
        FieldEdits edits = rewrite == null ? FieldEdits.NO_HEADERS : rewrite.requestEdits();
        long seen = 0;
        boolean trailers = false;
        // Vert.x hands out the very fields that Netty decoded; this view of them makes no strings.
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = ((HttpHeaders) headers).iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            if (own.contains(name)) {
                trailers |= TE.contentEqualsIgnoreCase(name)
                        && AsciiString.containsIgnoreCase(field.getValue(), "trailers");
            } else if ((named.isEmpty() || !named.contains(name))
                    && (rewrite == null || !rewrite.drops(name, exchange))
                    && (exchange.markedAttempt() == 0 || !ATTEMPT.contentEqualsIgnoreCase(name))) {
                int slot = edits.slot(name);
                if (slot < 0) {
                    writer.copy(name, field.getValue());
                } else {
                    seen |= 1L << slot;
                    String finalName = edits.keepsName(slot) ? name.toString() : edits.finalName(slot);
                    if (finalName != null && !isReserved(finalName, exchange)) {
                        writer.copy(finalName, field.getValue());
                    }
                }
            }
        }
        add(edits, seen, exchange);
        if (trailers) {
            writer.raw(TE_TRAILERS);
        }
    }

    private void add(FieldEdits edits, long seen, Exchange exchange) {
        long made = 0;
        for (int i = 0; i < edits.additionCount(); i++) {
            FieldEdits.Addition addition = edits.addition(i);
            String value = addition.isDue(seen, made) ? addition.value().fieldValue(exchange.facts()) : "";
            if (!value.isEmpty()) {
                made |= 1L << i;
                if (!addition.name().isEmpty() && !isReserved(addition.name(), exchange)) {
                    writer.copy(addition.name(), value);
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

    private void frame(RequestBody body) {
        if (body.isChunked()) {
            writer.raw(CHUNKED);
        } else if (body.hasLength()) {
            writer.raw(CONTENT_LENGTH).raw(Long.toString(body.lengthBytes()));
            writer.endLine();
        }
    }

    private void forwarded(Exchange exchange, String hostField) {
        writer.raw(exchange.request().version() == io.vertx.core.http.HttpVersion.HTTP_1_0 ? VIA_10 : VIA_11);
        writer.raw(FORWARDED).raw(exchange.client().forwarded());
        writer.endLine();
        writer.raw(X_FORWARDED_FOR).raw(exchange.client().address());
        writer.endLine();
        writer.raw(X_FORWARDED_PROTO);
        if (!hostField.isEmpty()) {
            writer.raw(X_FORWARDED_HOST).raw(hostField);
            writer.endLine();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
