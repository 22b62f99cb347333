package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Identity;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.consumer.WhenUnmetered;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.quota.RateSubject;
import io.tollgate.engine.route.Route;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plans: checks them and makes {@link Plan}s. Compile thread only. */
final class PlanCompiler {
    private final LimitCompiler limits;

    PlanCompiler(LimitCompiler limits) {
        this.limits = limits;
    }

    void check(io.tollgate.proto.config.v1.Plan plan, ObjectProblems problems) {
        NameText.check(plan.getName(), problems);
        limits.check(plan.getRateLimitsList(), "/rate_limits", problems);
        switch (plan.getWhenUnmetered()) {
            case WHEN_UNMETERED_REFUSE, WHEN_UNMETERED_SERVE -> {}
            default -> problems.add("/when_unmetered", plan.getWhenUnmeteredValue(), "refuse or serve");
        }
    }

    Plan compile(io.tollgate.proto.config.v1.Plan plan, Coverage coverage, PolicySet policies) {
        return new Plan(
                Identity.of(plan.getId(), plan.getName()),
                plan.getEnabled(),
                plan.getAllRoutes(),
                coverage.of(plan),
                new Plan.Terms(
                        plan.getRateLimitsCount() == 0
                                ? null
                                : limits.compile(
                                        plan.getId(), plan.getName(), RateSubject.DEFAULT, plan.getRateLimitsList()),
                        policies.policies().find(PolicyType.RATE_LIMIT),
                        policies.policies().find(PolicyType.IDENTITY_HEADERS),
                        policies.policies().find(PolicyType.ACCESS),
                        switch (plan.getWhenUnmetered()) {
                            case WHEN_UNMETERED_SERVE -> WhenUnmetered.SERVE;
                            default -> WhenUnmetered.REFUSE;
                        }));
    }

    /** Which ordinals the routes of a plan have. Compile thread only. */
    static final class Coverage {
        private final Map<String, Integer> ordinals = new HashMap<>();
        private final Map<String, BitSet> ordinalsByService = new HashMap<>();
        private final List<Route> splits = new ArrayList<>();

        Coverage(List<Route> routes) {
            for (Route route : routes) {
                ordinals.put(route.id(), route.ordinal());
                List<String> serviceIds = route.serviceIds();
                if (serviceIds.size() == 1) {
                    ordinalsByService
                            .computeIfAbsent(serviceIds.get(0), unknown -> new BitSet())
                            .set(route.ordinal());
                } else if (serviceIds.size() > 1) {
                    splits.add(route);
                }
            }
        }

        BitSet of(io.tollgate.proto.config.v1.Plan plan) {
            BitSet covered = new BitSet();
            for (String routeId : plan.getRouteIdsList()) {
                Integer ordinal = ordinals.get(routeId);
                if (ordinal != null) {
                    covered.set(ordinal);
                }
            }
            for (String serviceId : plan.getServiceIdsList()) {
                BitSet ofService = ordinalsByService.get(serviceId);
                if (ofService != null) {
                    covered.or(ofService);
                }
            }
            // A split may send a call to any of its services, so all of them must be the plan's.
            for (Route split : splits) {
                if (!plan.getServiceIdsList().isEmpty()
                        && plan.getServiceIdsList().containsAll(split.serviceIds())) {
                    covered.set(split.ordinal());
                }
            }
            return covered;
        }
    }
}
