package io.tollgate.engine.compile;

import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.HttpsRedirectPolicy;
import io.tollgate.proto.config.v1.Hsts;
import io.tollgate.proto.config.v1.HttpsRedirect;

/** Policies of the types https-redirect and hsts. Compile thread only. */
final class HttpsCompiler {
    private static final int PORT_MAX = 65_535;

    private HttpsCompiler() {}

    static void check(HttpsRedirect policy, ObjectProblems problems) {
        switch (policy.getStatus()) {
            case 301, 302, 307, 308 -> {}
            default ->
                problems.add(
                        "/https_redirect/status", Integer.toUnsignedLong(policy.getStatus()), "301, 302, 307 or 308");
        }
        problems.range("/https_redirect/port", Integer.toUnsignedLong(policy.getPort()), 0, PORT_MAX);
    }

    static HttpsRedirectPolicy compile(HttpsRedirect policy) {
        int port = policy.getPort() == 0 ? HttpsRedirectPolicy.PORT_DEFAULT : policy.getPort();
        return new HttpsRedirectPolicy(policy.getStatus(), port);
    }

    static String words(HttpsRedirect policy) {
        HttpsRedirectPolicy compiled = compile(policy);
        return compiled.status() + " to https, port " + compiled.port();
    }

    static void check(Hsts policy, ObjectProblems problems) {
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

    static HstsPolicy compile(Hsts policy) {
        return HstsPolicy.of(policy.getMaxAgeSeconds(), policy.getIncludeSubdomains(), policy.getPreload());
    }
}
