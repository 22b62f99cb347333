package io.tollgate.engine.compile;

import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.Hsts;
import io.tollgate.proto.config.v1.Policy;

/** Policies of the type hsts. Compile thread only. */
final class HstsCompiler implements PolicyRules<Hsts, HstsPolicy> {
    @Override
    public PolicyType<HstsPolicy> type() {
        return PolicyType.HSTS;
    }

    @Override
    public Hsts config(Policy policy) {
        return policy.getHsts();
    }

    @Override
    public void check(Hsts policy, ObjectProblems problems) {
        long maxAgeSeconds = Integer.toUnsignedLong(policy.getMaxAgeSeconds());
        problems.range("/hsts/max_age_seconds", maxAgeSeconds, 0, HstsPolicy.MAX_AGE_SECONDS_MAX);
        if (policy.getPreload() && maxAgeSeconds < HstsPolicy.PRELOAD_SECONDS_MIN) {
            problems.add(
                    "/hsts/max_age_seconds",
                    maxAgeSeconds,
                    "at least " + HstsPolicy.PRELOAD_SECONDS_MIN + " with preload");
        }
        if (policy.getPreload() && !policy.getIncludeSubdomains()) {
            problems.add("/hsts/include_subdomains", false, "true with preload");
        }
    }

    @Override
    public HstsPolicy compile(Hsts config, Policy policy) {
        return compile(config);
    }

    @Override
    public String words(Hsts config) {
        return compile(config).fieldValue();
    }

    private static HstsPolicy compile(Hsts config) {
        return HstsPolicy.of(config.getMaxAgeSeconds(), config.getIncludeSubdomains(), config.getPreload());
    }
}
