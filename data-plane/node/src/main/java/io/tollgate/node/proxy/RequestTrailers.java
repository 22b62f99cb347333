package io.tollgate.node.proxy;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.NameSet;
import java.util.Map;

/** The trailers of a request on their way to an upstream. Immutable functions. */
final class RequestTrailers {
    private RequestTrailers() {}

    /**
     * Those that pass.
     *
     * @param own fields of a head that never pass, since they end here or are written here
     */
    static Http2Headers passing(
            Exchange exchange, Iterable<Map.Entry<CharSequence, CharSequence>> trailers, NameSet own) {
        // Names and values were checked where they came in.
        Http2Headers passing = new DefaultHttp2Headers(false);
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            if (passes(field.getKey(), exchange, own)) {
                passing.add(field.getKey(), field.getValue());
            }
        }
        return passing;
    }

    /**
     * Whether a field may stand in a trailer section: not what only a head may say (RFC 9110, 6.5.1), and nothing under the
     * names of what the gateway takes out of heads or writes there itself, since many programs merge the two.
     */
    private static boolean passes(CharSequence name, Exchange exchange, NameSet own) {
        HeadRewrite rewrite = exchange.headRewrite();
        return !HopByHop.TRAILER.contains(name)
                && !own.contains(name)
                && (rewrite == null || !(rewrite.drops(name, exchange) || rewrite.reserves(name, exchange)));
    }
}
