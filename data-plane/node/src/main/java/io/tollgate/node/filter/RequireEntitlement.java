package io.tollgate.node.filter;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Grant;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;

/**
 * Wants a live subscription of the caller that covers the route. Anonymous callers, where they are allowed, need none.
 * Immutable.
 *
 * @param routeOrdinal which route
 */
public record RequireEntitlement(int routeOrdinal) implements Filter {
    @Override
    public Outcome admit(Exchange exchange) {
        Consumer consumer = exchange.consumer();
        if (consumer == null) {
            return Outcome.OK;
        }
        Grant grant = consumer.grantFor(routeOrdinal, exchange.scratch().clock().epochMillis());
        if (grant == null) {
            return Outcome.NOT_ENTITLED;
        }
        exchange.plan(grant.plan());
        return Outcome.OK;
    }
}
