package io.tollgate.node.exchange;

import io.tollgate.engine.quota.RateDecision;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.quota.SubjectFacts;
import org.jspecify.annotations.Nullable;

/**
 * What one call took from limits, and what its caller is told of them (draft-ietf-httpapi-ratelimit-headers-11). Event-loop confined; made for calls
 * that something limits.
 *
 * <p>There are two at most: of the plan and of a policy.
 */
public final class CallLimits {
    private @Nullable RateLimiter first;
    private @Nullable RateLimiter second;
    private long acquiredAtNanos;
    private String field = "";
    private String policyField = "";

    CallLimits() {}

    boolean acquire(RateLimiter limiter, SubjectFacts facts, LoopScratch scratch) {
        RateDecision decision = scratch.rateDecision();
        acquiredAtNanos = scratch.clock().nanos();
        boolean allowed = limiter.tryAcquire(facts, scratch.subject(), acquiredAtNanos, decision);
        field = joined(field, decision.headerValue());
        policyField = joined(policyField, limiter.policyHeader());
        if (allowed && first == null) {
            first = limiter;
        } else if (allowed) {
            second = limiter;
        }
        return allowed;
    }

    /** Gives it back, once. */
    void giveBack(SubjectFacts facts, LoopScratch scratch) {
        long sinceNanos = scratch.clock().nanos() - acquiredAtNanos;
        if (first != null) {
            first.giveBack(facts, scratch.subject(), sinceNanos);
            first = null;
        }
        if (second != null) {
            second.giveBack(facts, scratch.subject(), sinceNanos);
            second = null;
        }
    }

    private static String joined(String before, String value) {
        return before.isEmpty() ? value : before + ", " + value;
    }

    /** Value of the RateLimit field. */
    public String field() {
        return field;
    }

    /** Value of the RateLimit-Policy field. */
    public String policyField() {
        return policyField;
    }
}
