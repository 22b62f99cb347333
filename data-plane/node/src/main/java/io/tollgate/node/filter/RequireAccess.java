package io.tollgate.node.filter;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.access.AccessVerdict;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import java.util.List;

/**
 * Holds the caller to the rules of the access policy that wins for it on this route. Immutable.
 *
 * @param policies what applies on the route
 * @param bearer whether a caller may prove itself by a bearer token there, and so understands what is said of scopes (RFC 6750, 3)
 */
public record RequireAccess(EffectivePolicies policies, boolean bearer) implements Filter {
    @Override
    public Outcome admit(Exchange exchange) {
        AccessRules rules = policies.accessFor(exchange.consumer(), exchange.plan());
        if (rules == null) {
            return Outcome.OK;
        }
        AccessVerdict verdict = rules.judge(exchange);
        return switch (verdict.effect()) {
            case ALLOWED -> Outcome.OK;
            case FAILED -> Outcome.EXPRESSION_FAILED;
            case DENIED -> Outcome.ACCESS_DENIED;
            case SCOPE_MISSING -> {
                exchange.challenges(
                        bearer
                                ? List.of("Bearer error=\"insufficient_scope\", scope=\"" + verdict.scope() + '"')
                                : List.of());
                yield Outcome.SCOPE_MISSING;
            }
        };
    }
}
