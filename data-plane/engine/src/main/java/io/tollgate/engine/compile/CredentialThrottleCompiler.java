package io.tollgate.engine.compile;

import io.tollgate.engine.policy.CredentialThrottlePolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.proto.config.v1.CredentialThrottle;
import io.tollgate.proto.config.v1.Policy;

/** Policies of the type credential-throttle. Compile thread only. */
final class CredentialThrottleCompiler implements PolicyRules<CredentialThrottle, CredentialThrottlePolicy> {
    private static final int FAILURES_MAX = 1_000_000;
    private static final int WINDOW_SECONDS_MAX = 3_600;

    @Override
    public PolicyType<CredentialThrottlePolicy> type() {
        return PolicyType.CREDENTIAL_THROTTLE;
    }

    @Override
    public CredentialThrottle config(Policy policy) {
        return policy.getCredentialThrottle();
    }

    @Override
    public void check(CredentialThrottle config, ObjectProblems problems) {
        if (Integer.compareUnsigned(config.getFailures(), FAILURES_MAX) > 0) {
            problems.add(
                    "/credential_throttle/failures",
                    Integer.toUnsignedString(config.getFailures()),
                    "0 to " + FAILURES_MAX);
        }
        if (config.getWindowSeconds() < 1 || config.getWindowSeconds() > WINDOW_SECONDS_MAX) {
            problems.add(
                    "/credential_throttle/window_seconds",
                    Integer.toUnsignedString(config.getWindowSeconds()),
                    "1 to " + WINDOW_SECONDS_MAX);
        }
    }

    @Override
    public CredentialThrottlePolicy compile(CredentialThrottle config, Policy policy) {
        return new CredentialThrottlePolicy(
                config.getFailures() == 0
                        ? null
                        : new FailureTable.Bound(config.getFailures(), config.getWindowSeconds()));
    }

    @Override
    public String words(CredentialThrottle config) {
        return config.getFailures() == 0
                ? "bad credentials are not counted"
                : config.getFailures() + " bad credentials in " + config.getWindowSeconds() + " s from one source";
    }
}
