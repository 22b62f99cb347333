package io.tollgate.engine.compile;

import io.tollgate.engine.policy.CorsPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.Cors;
import io.tollgate.proto.config.v1.Policy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Policies of the type cors. Compile thread only. */
final class CorsCompiler implements PolicyRules<Cors, CorsPolicy> {
    private static final int ORIGINS_MAX = 256;
    private static final int METHODS_MAX = 16;
    private static final int HEADERS_MAX = 64;

    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");

    @Override
    public PolicyType<CorsPolicy> type() {
        return PolicyType.CORS;
    }

    @Override
    public Cors config(Policy policy) {
        return policy.getCors();
    }

    @Override
    public void check(Cors policy, ObjectProblems problems) {
        atMost(policy.getOriginsCount(), ORIGINS_MAX, "/cors/origins", problems);
        for (int i = 0; i < policy.getOriginsCount(); i++) {
            String origin = policy.getOrigins(i);
            if (!CorsPolicy.isOrigin(origin)) {
                problems.add(
                        "/cors/origins/" + i,
                        origin,
                        "an origin in lower case such as https://www.example.com, https://*.example.com, null or *");
            } else if (origin.equals(CorsPolicy.ANY) && policy.getCredentials()) {
                // Any page could call with the credentials of whoever looks at it.
                problems.add("/cors/origins/" + i, origin, "no * with credentials");
            }
        }
        atMost(policy.getMethodsCount(), METHODS_MAX, "/cors/methods", problems);
        for (int i = 0; i < policy.getMethodsCount(); i++) {
            if (!METHOD.matcher(policy.getMethods(i)).matches()) {
                problems.add("/cors/methods/" + i, policy.getMethods(i), "a method in upper case");
            }
        }
        checkNames(policy.getHeadersList(), "/cors/headers", true, problems);
        checkNames(policy.getExposedHeadersList(), "/cors/exposed_headers", !policy.getCredentials(), problems);
        problems.range(
                "/cors/max_age_seconds",
                Integer.toUnsignedLong(policy.getMaxAgeSeconds()),
                0,
                CorsPolicy.MAX_AGE_SECONDS_MAX);
    }

    private static void checkNames(List<String> names, String at, boolean anyAllowed, ObjectProblems problems) {
        atMost(names.size(), HEADERS_MAX, at, problems);
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(CorsPolicy.ANY) && !anyAllowed) {
                // To browsers it is a name like any other then.
                problems.add(at + "/" + i, names.get(i), "no * with credentials");
            } else if (!NameText.isHeader(names.get(i))) {
                problems.add(at + "/" + i, names.get(i), NameText.HEADER_EXPECTED);
            }
        }
    }

    private static void atMost(int count, int most, String at, ObjectProblems problems) {
        if (count > most) {
            problems.add(at, count, "at most " + most);
        }
    }

    @Override
    public CorsPolicy compile(Cors config, Policy policy) {
        Set<String> origins = new HashSet<>();
        List<CorsPolicy.Wild> wilds = new ArrayList<>();
        for (String origin : config.getOriginsList()) {
            if (origin.contains("*") && !origin.equals(CorsPolicy.ANY)) {
                wilds.add(CorsPolicy.wild(origin));
            } else {
                origins.add(origin);
            }
        }
        return new CorsPolicy(
                origins,
                wilds,
                config.getMethodsList(),
                config.getHeadersList().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                String.join(", ", config.getExposedHeadersList()),
                config.getCredentials(),
                config.getMaxAgeSeconds(),
                config.getPrivateNetwork(),
                config.getPassUpstream());
    }

    @Override
    public String words(Cors config) {
        List<String> origins = config.getOriginsList();
        return (origins.isEmpty() ? "no other origin" : "origins " + String.join(", ", origins))
                + (config.getCredentials() ? ", with credentials" : "")
                + (config.getPassUpstream() ? ", the service's word goes first" : "");
    }
}
