package io.tollgate.engine.compile;

import io.tollgate.engine.policy.HttpsRedirectPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.HttpsRedirect;
import io.tollgate.proto.config.v1.Policy;

/** Policies of the type https-redirect. Compile thread only. */
final class HttpsRedirectCompiler implements PolicyRules<HttpsRedirect, HttpsRedirectPolicy> {
    private static final int PORT_MAX = 65_535;

    @Override
    public PolicyType<HttpsRedirectPolicy> type() {
        return PolicyType.HTTPS_REDIRECT;
    }

    @Override
    public HttpsRedirect config(Policy policy) {
        return policy.getHttpsRedirect();
    }

    @Override
    public void check(HttpsRedirect policy, ObjectProblems problems) {
        switch (policy.getStatus()) {
            case 301, 302, 307, 308 -> {}
            default ->
                problems.add(
                        "/https_redirect/status", Integer.toUnsignedLong(policy.getStatus()), "301, 302, 307 or 308");
        }
        problems.range("/https_redirect/port", Integer.toUnsignedLong(policy.getPort()), 0, PORT_MAX);
    }

    @Override
    public HttpsRedirectPolicy compile(HttpsRedirect config, Policy policy) {
        return new HttpsRedirectPolicy(config.getStatus(), port(config));
    }

    @Override
    public String words(HttpsRedirect config) {
        return config.getStatus() + " to https, port " + port(config);
    }

    private static int port(HttpsRedirect config) {
        return config.getPort() == 0 ? HttpsRedirectPolicy.PORT_DEFAULT : config.getPort();
    }
}
