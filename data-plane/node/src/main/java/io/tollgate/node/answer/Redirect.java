package io.tollgate.node.answer;

import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.route.HostText;
import io.tollgate.engine.template.Template;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends the client to another place. Immutable.
 *
 * @param action where to
 */
public record Redirect(RouteAction.Redirect action) implements Answerer {
    @Override
    public void answer(Exchange exchange, Ending ending) {
        String location = location(exchange);
        if (location == null) {
            Forward.refuse(exchange, ending);
            return;
        }
        exchange.answerHere(
                new GatewayAnswer(action.status(), List.of(new GatewayAnswer.Field("Location", location)), ""));
        ending.ended(exchange, Outcome.OK);
    }

    private @Nullable String location(Exchange exchange) {
        String path = action.path().rewrite(exchange.path(), exchange.matchedPrefixLength(), exchange.facts());
        String host = host(exchange);
        if (path == null || host == null) {
            return null;
        }
        StringBuilder out = new StringBuilder(64);
        if (!host.isEmpty()) {
            out.append(action.scheme() == null ? exchange.isSecure() ? "https" : "http" : action.scheme())
                    .append("://")
                    .append(host);
            appendPort(exchange, out);
        } else if (action.scheme() != null || action.port() != 0 || path.startsWith("//")) {
            // A client of HTTP/1.0 that names no host cannot be told another scheme or port of it; and a path that
            // begins with two slashes would be read as a host.
            return null;
        }
        out.append(path);
        HeadRewrite rewrite = exchange.headRewrite();
        String query = rewrite == null ? exchange.query() : rewrite.visibleQuery(exchange.query());
        return query.isEmpty() ? out.toString() : out.append('?').append(query).toString();
    }

    private @Nullable String host(Exchange exchange) {
        Template template = action.host();
        if (template == null) {
            return exchange.client().host();
        }
        String host = template.fieldValue(exchange.facts());
        String parsed = HostText.parse(host);
        return parsed == null || parsed.isEmpty() || !parsed.equalsIgnoreCase(host) ? null : host;
    }

    private void appendPort(Exchange exchange, StringBuilder out) {
        if (action.port() != 0) {
            boolean standard = action.port() == ("https".equals(action.scheme()) ? 443 : 80);
            if (!standard) {
                out.append(':').append(action.port());
            }
        } else if (action.scheme() == null) {
            String field = exchange.client().hostField();
            int colon = field.lastIndexOf(':');
            if (colon > field.lastIndexOf(']') && colon + 1 < field.length()) {
                out.append(field, colon, field.length());
            }
        }
    }
}
