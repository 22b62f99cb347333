package io.tollgate.node.proxy;

import io.tollgate.node.exchange.NameSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which fields end at the next hop (RFC 9110, 7.6.1). Immutable. */
final class HopByHop {
    private static final List<String> REQUEST_NAMES = List.of(
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "Proxy-Authorization",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Content-Length",
            "Upgrade",
            "HTTP2-Settings",
            "Host",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "X-Real-IP");

    /** Fields of a request that never pass: hop-by-hop ones, and those that the gateway writes itself. */
    static final NameSet REQUEST = NameSet.of(REQUEST_NAMES);

    /** Fields of an answer that never pass. */
    static final NameSet RESPONSE = NameSet.of(List.of(
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "Proxy-Authenticate",
            "Transfer-Encoding",
            "Content-Length",
            "Upgrade"));

    /**
     * Fields that a trailer section may not hold (RFC 9110, 6.5.1): those of framing, routing, authentication and content, those that
     * change what a request asks for, and those that the gateway writes into heads.
     */
    static final NameSet TRAILER = NameSet.of(List.of(
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "Transfer-Encoding",
            "Content-Length",
            "Upgrade",
            "Host",
            "Trailer",
            "TE",
            "Content-Encoding",
            "Content-Type",
            "Content-Range",
            "Set-Cookie",
            "Cookie",
            "Authorization",
            "Proxy-Authorization",
            "WWW-Authenticate",
            "Proxy-Authenticate",
            "Cache-Control",
            "Expect",
            "Max-Forwards",
            "Pragma",
            "Range",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "If-Range",
            "Via",
            "X-Attempt"));

    private HopByHop() {}

    /** {@link #REQUEST}, and further fields that the gateway writes itself. */
    static NameSet requestAnd(Collection<String> own) {
        List<String> names = new ArrayList<>(REQUEST_NAMES);
        names.addAll(own);
        return NameSet.of(names);
    }
}
