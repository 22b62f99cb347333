package io.tollgate.node.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.tollgate.engine.action.FieldEdits;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Deprecation;
import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.SecurityHeadersPolicy;
import io.tollgate.node.exchange.CallLimits;
import io.tollgate.node.exchange.ConnectionNames;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.NameSet;
import io.tollgate.node.exchange.RequestIds;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Copies the head of an upstream's answer for the client, once. Immutable functions. */
public final class AnswerHead {
    private static final CharSequence VIA = io.vertx.core.http.HttpHeaders.createOptimized("Via");
    private static final CharSequence CONTENT_LENGTH = io.vertx.core.http.HttpHeaders.createOptimized("Content-Length");
    private static final CharSequence TRANSFER_ENCODING =
            io.vertx.core.http.HttpHeaders.createOptimized("Transfer-Encoding");
    private static final CharSequence VIA_11 = io.vertx.core.http.HttpHeaders.createOptimized("1.1 tollgate");
    private static final CharSequence VIA_20 = io.vertx.core.http.HttpHeaders.createOptimized("2.0 tollgate");
    private static final CharSequence VIA_10 = io.vertx.core.http.HttpHeaders.createOptimized("1.0 tollgate");
    private static final CharSequence CHUNKED = io.vertx.core.http.HttpHeaders.createOptimized("chunked");
    private static final CharSequence RATE_LIMIT = io.vertx.core.http.HttpHeaders.createOptimized("RateLimit");
    private static final CharSequence RATE_LIMIT_POLICY =
            io.vertx.core.http.HttpHeaders.createOptimized("RateLimit-Policy");
    private static final CharSequence REQUEST_ID = io.vertx.core.http.HttpHeaders.createOptimized(RequestIds.FIELD);

    private static final CharSequence STRICT_TRANSPORT_SECURITY =
            io.vertx.core.http.HttpHeaders.createOptimized("Strict-Transport-Security");

    private static final CharSequence DEPRECATION = io.vertx.core.http.HttpHeaders.createOptimized("Deprecation");
    private static final CharSequence SUNSET = io.vertx.core.http.HttpHeaders.createOptimized("Sunset");

    private AnswerHead() {}

    /** How the body of an answer reaches the client. */
    enum Framing {
        /** There is none, whatever the head says. */
        NONE,
        /** So many bytes as Content-Length says. */
        LENGTH,
        /** In chunks. */
        CHUNKED,
        /** Until the stream of HTTP/2 ends. */
        STREAM,
        /** Until the connection closes: only for clients of HTTP/1.0. */
        CLOSE
    }

    /** Whether the framing of the answer is one that can be trusted: chunked alone, or no transfer coding at all. */
    static boolean isFramingClear(HttpResponse head) {
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.isEmpty() || (codings.size() == 1 && "chunked".equalsIgnoreCase(codings.get(0)));
    }

    /** Whether the connection carries another request behind this answer: it stays open, and the answer says where it ends. */
    static boolean isReusable(HttpResponse head, boolean ofHead) {
        int status = head.status().code();
        return HttpUtil.isKeepAlive(head)
                && (HttpUtil.isContentLengthSet(head)
                        || HttpUtil.isTransferEncodingChunked(head)
                        || ofHead
                        || status == 204
                        || status == 304);
    }

    /** Copies the fields. Throws IllegalArgumentException when a field is not valid. */
    static Framing copy(HttpResponse head, Exchange exchange) {
        MultiMap to = exchange.response().headers();
        FieldEdits edits = edits(exchange);
        long seen = copyFields(head.headers(), edits, to);
        add(edits, seen, exchange, to);
        to.add(VIA, via(head.protocolVersion()));
        addRequestId(exchange, to);
        addHsts(exchange, to);
        CorsFields.addTo(to, exchange);
        addSecurity(exchange, to);
        addLimits(exchange, to);
        addDeprecation(exchange, to);
        return frame(head, exchange, to);
    }

    private static CharSequence via(HttpVersion version) {
        if (version.majorVersion() == 2) {
            return VIA_20;
        }
        return version.minorVersion() == 0 ? VIA_10 : VIA_11;
    }

    /**
     * The fields of an interim answer that pass: what is removed or renamed in the final one is here too, and nothing is
     * added. Throws IllegalArgumentException when a field is not valid.
     */
    static MultiMap copyInterim(HttpResponse head, Exchange exchange) {
        // Of the kind that checks names and values.
        MultiMap to = io.vertx.core.http.HttpHeaders.headers();
        copyFields(head.headers(), edits(exchange), to);
        return exchange.ownsConnection() ? to : inLowerCase(to);
    }

    /** Vert.x lowers the names of heads and trailers for HTTP/2, but not of interim answers. */
    private static MultiMap inLowerCase(MultiMap fields) {
        MultiMap lower = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> field : fields) {
            lower.add(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
        }
        return lower;
    }

    private static FieldEdits edits(Exchange exchange) {
        HeadRewrite rewrite = exchange.headRewrite();
        return rewrite == null ? FieldEdits.NO_HEADERS : rewrite.responseEdits();
    }

    /** Which of the edited fields were there, by slot. */
    private static long copyFields(HttpHeaders from, FieldEdits edits, MultiMap to) {
        NameSet named = from.contains(HttpHeaderNames.CONNECTION)
                ? ConnectionNames.of(from.getAll(HttpHeaderNames.CONNECTION))
                : NameSet.EMPTY;
        long seen = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = from.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            if (!HopByHop.RESPONSE.contains(name) && (named.isEmpty() || !named.contains(name))) {
                int slot = edits.slot(name);
                if (slot < 0) {
                    to.add(name, field.getValue());
                } else {
                    seen |= 1L << slot;
                    CharSequence finalName = edits.keepsName(slot) ? name : edits.finalName(slot);
                    if (finalName != null) {
                        to.add(finalName, field.getValue());
                    }
                }
            }
        }
        return seen;
    }

    private static void add(FieldEdits edits, long seen, Exchange exchange, MultiMap to) {
        long made = 0;
        for (int i = 0; i < edits.additionCount(); i++) {
            FieldEdits.Addition addition = edits.addition(i);
            String value = addition.isDue(seen, made) ? addition.value().fieldValue(exchange.facts()) : "";
            if (!value.isEmpty()) {
                made |= 1L << i;
                if (!addition.name().isEmpty()) {
                    to.add(addition.name(), value);
                }
            }
        }
    }

    /** Tells the caller the id of its request, in place of another, where it is to know it. */
    public static void addRequestId(Exchange exchange, MultiMap to) {
        if (exchange.scratch().requestIds().rules().toClient()) {
            to.set(REQUEST_ID, exchange.requestId());
        }
    }

    /**
     * Tells the caller to keep to https, in place of what the service says, where it came over https; in the clear nobody may
     * say so (RFC 6797, 7.2).
     */
    public static void addHsts(Exchange exchange, MultiMap to) {
        HstsPolicy hsts = exchange.hsts();
        if (hsts == null) {
            return;
        }
        if (exchange.isSecure()) {
            to.set(STRICT_TRANSPORT_SECURITY, hsts.fieldValue());
        } else {
            to.remove(STRICT_TRANSPORT_SECURITY);
        }
    }

    /** Tells browsers to be careful, where the policies of the route say so. */
    public static void addSecurity(Exchange exchange, MultiMap to) {
        SecurityHeadersPolicy policy = exchange.securityHeaders();
        if (policy == null) {
            return;
        }
        List<SecurityHeadersPolicy.Field> fields = policy.fields();
        for (int i = 0; i < fields.size(); i++) {
            SecurityHeadersPolicy.Field field = fields.get(i);
            if (policy.replaces() || !to.contains(field.name())) {
                to.set(field.name(), field.value());
            }
        }
    }

    /** Tells the caller its limits (draft-ietf-httpapi-ratelimit-headers-11), where it has any. */
    public static void addLimits(Exchange exchange, MultiMap to) {
        CallLimits limits = exchange.limits();
        if (limits != null) {
            to.add(RATE_LIMIT, limits.field());
            to.add(RATE_LIMIT_POLICY, limits.policyField());
        }
    }

    /** Tells the caller, in place of what the service says, that its credential has a successor, and how long it still works. */
    public static void addDeprecation(Exchange exchange, MultiMap to) {
        Credential credential = exchange.credential();
        Deprecation deprecation = credential == null ? null : credential.terms().deprecation();
        if (deprecation != null) {
            to.set(DEPRECATION, deprecation.deprecationField());
            if (!deprecation.sunsetField().isEmpty()) {
                to.set(SUNSET, deprecation.sunsetField());
            }
        }
    }

    private static Framing frame(HttpResponse head, Exchange exchange, MultiMap to) {
        int status = head.status().code();
        boolean chunked = HttpUtil.isTransferEncodingChunked(head);
        String length = chunked ? null : head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        boolean headOnly = HttpMethod.HEAD.equals(exchange.request().method());
        if (status == 204 || status == 101) {
            return Framing.NONE;
        }
        if (length != null) {
            to.add(CONTENT_LENGTH, length);
        }
        if (headOnly || status == 304) {
            return Framing.NONE;
        }
        if (length != null) {
            return Framing.LENGTH;
        }
        return ofUnknownLength(exchange, to);
    }

    /** The same for a body whose length changed on its way and is not known any more. */
    static Framing reframe(Framing framing, Exchange exchange, MultiMap to) {
        to.remove(CONTENT_LENGTH);
        return framing == Framing.LENGTH ? ofUnknownLength(exchange, to) : framing;
    }

    private static Framing ofUnknownLength(Exchange exchange, MultiMap to) {
        return switch (exchange.request().version()) {
            case HTTP_1_0 -> Framing.CLOSE;
            case HTTP_1_1 -> {
                to.add(TRANSFER_ENCODING, CHUNKED);
                yield Framing.CHUNKED;
            }
            case HTTP_2 -> Framing.STREAM;
        };
    }
}
