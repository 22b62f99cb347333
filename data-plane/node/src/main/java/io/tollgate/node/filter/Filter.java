package io.tollgate.node.filter;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;

/** One decision on a request. Immutable. */
public sealed interface Filter
        permits RequireHttps,
                RequireClient,
                Authenticate,
                RequireEntitlement,
                RequireAccess,
                LimitByPlan,
                LimitByPolicy {
    /** {@link Outcome#OK} lets the request go on; anything else ends it. */
    Outcome admit(Exchange exchange);
}
