package io.tollgate.node.answer;

import io.tollgate.engine.action.ForwardRules;
import io.tollgate.engine.action.Mirror;
import io.tollgate.engine.action.PathRewrite;
import io.tollgate.engine.route.HostText;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Lets the service answer. Immutable.
 *
 * @param upstream the service
 * @param calls how the calls of the route to it go
 * @param rules what changes on the way
 */
public record Forward(Upstream upstream, CallRules calls, ForwardRules rules) implements Answerer {
    private static final int PERCENT = 100;

    /** Lets this service answer under the rules of a route. */
    public static Forward to(Upstream upstream, ForwardRules rules) {
        return new Forward(upstream, rules.calls(upstream), rules);
    }

    @Override
    public void answer(Exchange exchange, Ending ending) {
        if (!upstream.enabled()) {
            ending.ended(exchange, Outcome.SERVICE_DISABLED);
            return;
        }
        exchange.service(upstream);
        String path = rules.path() instanceof PathRewrite.None
                ? exchange.path()
                : rules.path().rewrite(exchange.path(), exchange.matchedPrefixLength(), exchange.facts());
        String host = host(exchange);
        if (path == null || host == null) {
            refuse(exchange, ending);
            return;
        }
        exchange.forwardedAs(path, host);
        Mirror mirror = rules.mirror();
        if (mirror != null && exchange.scratch().draws().below(PERCENT) < mirror.percent()) {
            exchange.scratch().relay().mirror(exchange, mirror);
        }
        exchange.scratch().relay().forward(exchange, upstream, calls, ending);
    }

    /** What the request says does not fit where the route puts it: such a call costs its caller nothing. */
    static void refuse(Exchange exchange, Ending ending) {
        exchange.giveBack();
        ending.ended(exchange, Outcome.UNFIT_VALUE);
    }

    private @Nullable String host(Exchange exchange) {
        Template template = rules.host();
        if (template == null) {
            return "";
        }
        String host = template.fieldValue(exchange.facts());
        return host.isEmpty() || HostText.parse(host) == null ? null : host;
    }
}
