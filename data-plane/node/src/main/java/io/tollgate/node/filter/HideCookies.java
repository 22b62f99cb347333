package io.tollgate.node.filter;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * Keeps cookies that may hold a token from the upstream, the others go on; and all of them from templates. Immutable.
 *
 * @param names of the cookies, whose case matters
 * @param kept the upstream gets them all the same
 */
public record HideCookies(List<String> names, boolean kept) implements Edit {
    private static final String COOKIE = "cookie";

    /** Copies the list. */
    public HideCookies {
        names = List.copyOf(names);
    }

    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        return !kept && hides(name, exchange);
    }

    @Override
    public boolean hides(CharSequence name, Exchange exchange) {
        return NameSet.equalsFolded(COOKIE, name);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        if (kept) {
            return;
        }
        List<String> fields = exchange.request().headers().getAll(HttpHeaders.COOKIE);
        for (int i = 0; i < fields.size(); i++) {
            String rest = CookieText.without(fields.get(i), names);
            if (!rest.isEmpty()) {
                sink.add(HttpHeaders.COOKIE, rest);
            }
        }
    }
}
