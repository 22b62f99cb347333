package io.tollgate.controlplane.catalog.plan;

import io.tollgate.controlplane.catalog.policy.RateWindowRow;
import java.util.List;

/**
 * What a caller wants a plan to be; its shape has been judged against the contract. Immutable.
 *
 * @param routes   names or ids
 * @param services names or ids
 */
public record PlanDraft(
        String name,
        String description,
        boolean enabled,
        List<String> routes,
        List<String> services,
        boolean allRoutes,
        String whenUnmetered,
        List<RateWindowRow> rateLimits,
        List<String> tags) {}
