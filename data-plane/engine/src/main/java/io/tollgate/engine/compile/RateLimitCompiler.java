package io.tollgate.engine.compile;

import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.RateLimit;
import java.util.stream.Collectors;

/** Policies of the type rate-limit. Compile thread only. */
final class RateLimitCompiler implements PolicyRules<RateLimit, RateLimiter> {
    private final LimitCompiler limits;

    RateLimitCompiler(LimitCompiler limits) {
        this.limits = limits;
    }

    @Override
    public PolicyType<RateLimiter> type() {
        return PolicyType.RATE_LIMIT;
    }

    @Override
    public RateLimit config(Policy policy) {
        return policy.getRateLimit();
    }

    @Override
    public void check(RateLimit config, ObjectProblems problems) {
        if (config.getWindowsCount() == 0) {
            problems.add("/rate_limit/windows", "0 windows", "at least 1");
        }
        limits.check(config.getWindowsList(), "/rate_limit/windows", problems);
        RateSubjectCompiler.check(config, problems);
    }

    @Override
    public RateLimiter compile(RateLimit config, Policy policy) {
        return limits.compile(
                policy.getId(), policy.getName(), RateSubjectCompiler.compile(config), config.getWindowsList());
    }

    @Override
    public String words(RateLimit config) {
        return config.getWindowsList().stream()
                .map(window ->
                        window.getRequests() + " per " + window.getWindowSeconds() + " s, burst " + window.getBurst())
                .collect(Collectors.joining(
                        ", ", "", ", by " + RateSubjectCompiler.compile(config).words()));
    }
}
