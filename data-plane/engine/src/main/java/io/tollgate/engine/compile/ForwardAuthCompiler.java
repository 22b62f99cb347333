package io.tollgate.engine.compile;

import io.tollgate.engine.policy.ForwardAuthPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.ForwardAuth;
import io.tollgate.proto.config.v1.ForwardAuthFailure;
import io.tollgate.proto.config.v1.Policy;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Policies of the type forward-auth. Compile thread only. */
final class ForwardAuthCompiler implements PolicyRules<ForwardAuth, ForwardAuthPolicy> {
    private static final int HEADERS_MAX = 32;
    private static final int TIMEOUT_MILLIS_MAX = 10_000;
    /** What was right an hour ago is a guess. */
    private static final int CACHE_SECONDS_MAX = 3_600;

    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,1023}");

    @Override
    public PolicyType<ForwardAuthPolicy> type() {
        return PolicyType.FORWARD_AUTH;
    }

    @Override
    public ForwardAuth config(Policy policy) {
        return policy.getForwardAuth();
    }

    @Override
    public void check(ForwardAuth policy, ObjectProblems problems) {
        if (policy.getServiceId().isEmpty()) {
            problems.add("/forward_auth/service", "nothing", "the service that is asked");
        }
        if (!PATH.matcher(policy.getPath()).matches()) {
            problems.add("/forward_auth/path", policy.getPath(), "a path without escapes that starts with a slash");
        }
        switch (policy.getMethod()) {
            case "GET", "HEAD", "POST" -> {}
            default -> problems.add("/forward_auth/method", policy.getMethod(), "GET, HEAD or POST");
        }
        checkHeaders("request_headers", policy.getRequestHeadersList(), problems);
        checkHeaders("upstream_headers", policy.getUpstreamHeadersList(), problems);
        checkHeaders("client_headers", policy.getClientHeadersList(), problems);
        problems.range(
                "/forward_auth/timeout_millis",
                Integer.toUnsignedLong(policy.getTimeoutMillis()),
                1,
                TIMEOUT_MILLIS_MAX);
        if (policy.getOnFailure() != ForwardAuthFailure.FORWARD_AUTH_FAILURE_DENY
                && policy.getOnFailure() != ForwardAuthFailure.FORWARD_AUTH_FAILURE_ALLOW) {
            problems.add("/forward_auth/on_failure", policy.getOnFailureValue(), "deny or allow");
        }
        problems.range(
                "/forward_auth/cache_seconds", Integer.toUnsignedLong(policy.getCacheSeconds()), 0, CACHE_SECONDS_MAX);
    }

    private static void checkHeaders(String member, List<String> names, ObjectProblems problems) {
        String at = "/forward_auth/" + member;
        TokenIssuerCompiler.checkCount(at, names.size(), 0, HEADERS_MAX, problems);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!NameText.isEditable(names.get(i))) {
                problems.add(at + "/" + i, names.get(i), NameText.EDITABLE_EXPECTED);
            } else if (!seen.add(names.get(i).toLowerCase(Locale.ROOT))) {
                problems.add(at + "/" + i, names.get(i), "different headers");
            }
        }
    }

    @Override
    public ForwardAuthPolicy compile(ForwardAuth config, Policy policy) {
        return new ForwardAuthPolicy(
                policy.getName(),
                config.getServiceId(),
                config.getPath(),
                config.getMethod(),
                config.getRequestHeadersList().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList(),
                config.getUpstreamHeadersList(),
                config.getClientHeadersList(),
                config.getTimeoutMillis(),
                config.getOnFailure() == ForwardAuthFailure.FORWARD_AUTH_FAILURE_ALLOW,
                config.getCacheSeconds());
    }

    @Override
    public String words(ForwardAuth config) {
        return config.getMethod() + " " + config.getPath() + " within " + config.getTimeoutMillis() + " ms, tells "
                + config.getRequestHeadersList() + ", takes over " + config.getUpstreamHeadersList()
                + (config.getOnFailure() == ForwardAuthFailure.FORWARD_AUTH_FAILURE_ALLOW
                        ? ", without an answer allow"
                        : ", without an answer deny")
                + (config.getCacheSeconds() == 0 ? "" : ", a yes holds " + config.getCacheSeconds() + " s");
    }
}
