package io.tollgate.engine.explain;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.quota.RateWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says which limits a caller meets, in the order in which they are asked. Functions without state. */
final class LimitWords {
    private LimitWords() {}

    static List<String> of(EffectivePolicies policies, @Nullable Consumer consumer, @Nullable Plan plan) {
        List<String> limits = new ArrayList<>(2);
        RateLimiter ofPlan = plan == null ? null : plan.rateLimiter();
        if (ofPlan != null) {
            limits.add("plan " + words(ofPlan));
        }
        RateLimiter ofPolicy = policies.rateLimiterFor(consumer, plan);
        if (ofPolicy != null) {
            limits.add("policy " + words(ofPolicy));
        }
        return limits;
    }

    private static String words(RateLimiter limiter) {
        return limiter.limit().name() + " by " + limiter.limit().subject().words() + ": "
                + limiter.limit().windows().stream().map(LimitWords::words).collect(Collectors.joining(", "));
    }

    private static String words(RateWindow window) {
        return window.requests() + " per " + window.windowSeconds() + " s, burst " + window.burst();
    }
}
