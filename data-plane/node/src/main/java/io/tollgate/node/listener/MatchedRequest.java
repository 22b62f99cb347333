package io.tollgate.node.listener;

import io.tollgate.engine.route.QueryString;
import io.tollgate.engine.route.RouteRequest;
import io.tollgate.node.exchange.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the route index may ask of the request at hand. Reused from request to request; event-loop confined. */
final class MatchedRequest implements RouteRequest {
    private @Nullable Exchange exchange;
    private String method = "";

    /** From here on this request is asked. */
    MatchedRequest of(Exchange asked) {
        return of(asked, asked.method());
    }

    /** From here on this request is asked, as if it had another method. */
    MatchedRequest of(Exchange asked, String otherMethod) {
        exchange = asked;
        method = otherMethod;
        return this;
    }

    @Override
    public String host() {
        return exchange().client().host();
    }

    @Override
    public String path() {
        return exchange().path();
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        List<String> values = exchange().request().headers().getAll(lowerCaseName);
        return switch (values.size()) {
            case 0 -> null;
            case 1 -> values.get(0);
            default -> String.join(", ", values);
        };
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return exchange().hasQuery() ? QueryString.valueOf(exchange().query(), name) : null;
    }

    private Exchange exchange() {
        Exchange asked = exchange;
        if (asked == null) {
            throw new IllegalStateException("no request is at hand");
        }
        return asked;
    }
}
