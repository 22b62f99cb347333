package io.tollgate.engine.explain;

import io.tollgate.engine.compile.AttachedPolicy;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.Linkage;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.policy.CredentialThrottlePolicy;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says which policy of each type wins on a route for a caller, and where it comes from. Functions without state. */
final class PolicyOrigins {
    private static final String DEFAULT = "default";
    private static final String KEY_AUTH = "key-auth";

    private PolicyOrigins() {}

    static List<Explanation.AppliedPolicy> of(
            CompiledConfiguration configuration, Route route, @Nullable Consumer consumer, @Nullable Plan plan) {
        Linkage linkage = configuration.linkage();
        Map<String, Explanation.AppliedPolicy> byType = new TreeMap<>();
        standard(byType, KEY_AUTH, "header x-api-key, query parameter api_key");
        FailureTable.Bound bad = CredentialThrottlePolicy.DEFAULT.bound();
        if (bad != null) {
            standard(
                    byType,
                    "credential-throttle",
                    bad.failures() + " bad credentials in " + bad.windowSeconds() + " s from one source");
        }
        standard(byType, "identity-headers", "headers that tell the service who calls");
        standard(byType, "request-target", "duplicate slashes: merge");
        // From the least specific place to the most specific one, which has the last word.
        put(byType, "global", linkage.globalPolicies());
        Upstream service = route.action().policyService();
        if (service != null) {
            put(byType, "service " + service.name(), linkage.policiesOfService(service.id()));
        }
        put(byType, "route " + route.name(), linkage.policiesOfRoute(route.id()));
        if (plan != null) {
            put(byType, "plan " + plan.name(), linkage.policiesOfPlan(plan.id()));
        }
        if (consumer != null) {
            put(byType, "consumer " + consumer.name(), linkage.policiesOfConsumer(consumer.id()));
        }
        Explanation.AppliedPolicy keys = byType.get(KEY_AUTH);
        boolean keysTaken =
                configuration.policiesByOrdinal().get(route.ordinal()).keyAuth() != null;
        if (keys != null && DEFAULT.equals(keys.from()) && !keysTaken) {
            // The default holds only where nothing else says how callers prove themselves.
            byType.remove(KEY_AUTH);
        }
        return new ArrayList<>(byType.values());
    }

    private static void standard(Map<String, Explanation.AppliedPolicy> byType, String type, String detail) {
        byType.put(type, new Explanation.AppliedPolicy(type, DEFAULT, "", detail));
    }

    private static void put(Map<String, Explanation.AppliedPolicy> byType, String from, List<AttachedPolicy> attached) {
        for (AttachedPolicy policy : attached) {
            byType.put(
                    policy.type(), new Explanation.AppliedPolicy(policy.type(), from, policy.name(), policy.detail()));
        }
    }
}
