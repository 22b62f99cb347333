package io.tollgate.engine.compile;

import io.tollgate.engine.policy.CallerIdentityPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.CallerIdentity;
import io.tollgate.proto.config.v1.Policy;

/** Policies of the type caller-identity. Compile thread only. */
final class CallerIdentityCompiler implements PolicyRules<CallerIdentity, CallerIdentityPolicy> {
    private static final int LIFETIME_SECONDS_MIN = 30;
    private static final int LIFETIME_SECONDS_MAX = 900;

    @Override
    public PolicyType<CallerIdentityPolicy> type() {
        return PolicyType.CALLER_IDENTITY;
    }

    @Override
    public CallerIdentity config(Policy policy) {
        return policy.getCallerIdentity();
    }

    @Override
    public void check(CallerIdentity config, ObjectProblems problems) {
        if (!NameText.isEditable(config.getHeaderName())) {
            problems.add("/caller_identity/header_name", config.getHeaderName(), NameText.EDITABLE_EXPECTED);
        }
        int audience = config.getAudience().length();
        if (audience == 0 || audience > TokenIssuerCompiler.TEXT_CHARACTERS_MAX) {
            problems.add(
                    "/caller_identity/audience",
                    audience + " characters",
                    "1 to " + TokenIssuerCompiler.TEXT_CHARACTERS_MAX);
        }
        problems.range(
                "/caller_identity/lifetime_seconds",
                config.getLifetimeSeconds(),
                LIFETIME_SECONDS_MIN,
                LIFETIME_SECONDS_MAX);
    }

    @Override
    public CallerIdentityPolicy compile(CallerIdentity config, Policy policy) {
        return new CallerIdentityPolicy(
                config.getIssuerId(), config.getHeaderName(), config.getAudience(), config.getLifetimeSeconds());
    }

    @Override
    public String words(CallerIdentity config) {
        return "header " + config.getHeaderName() + " for " + config.getAudience() + ", holds "
                + config.getLifetimeSeconds() + " s";
    }
}
