package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.KeyAuth;
import io.tollgate.proto.config.v1.KeyEnvironment;
import io.tollgate.proto.config.v1.Policy;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Policies of the type key-auth. Compile thread only. */
final class KeyAuthCompiler implements PolicyRules<KeyAuth, KeyAuthPolicy> {
    private static final int NAMES_MAX = 8;

    private static final Pattern QUERY_PARAMETER = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    @Override
    public PolicyType<KeyAuthPolicy> type() {
        return PolicyType.KEY_AUTH;
    }

    @Override
    public KeyAuth config(Policy policy) {
        return policy.getKeyAuth();
    }

    @Override
    public void check(KeyAuth policy, ObjectProblems problems) {
        int headers = policy.getHeaderNamesCount();
        int parameters = policy.getQueryParametersCount();
        if (headers > NAMES_MAX) {
            problems.add("/key_auth/header_names", headers + " names", "at most " + NAMES_MAX);
        }
        if (parameters > NAMES_MAX) {
            problems.add("/key_auth/query_parameters", parameters + " names", "at most " + NAMES_MAX);
        }
        for (int i = 0; i < policy.getEnvironmentsCount(); i++) {
            if (TermsCompiler.environment(policy.getEnvironments(i)) == null) {
                problems.add("/key_auth/environments/" + i, policy.getEnvironmentsValue(i), "live or test");
            }
        }
        for (int i = 0; i < headers; i++) {
            if (!NameText.isHeader(policy.getHeaderNames(i))) {
                problems.add("/key_auth/header_names/" + i, policy.getHeaderNames(i), NameText.HEADER_EXPECTED);
            }
        }
        for (int i = 0; i < parameters; i++) {
            if (!QUERY_PARAMETER.matcher(policy.getQueryParameters(i)).matches()) {
                problems.add(
                        "/key_auth/query_parameters/" + i,
                        policy.getQueryParameters(i),
                        "1 to 64 letters, digits and -._~");
            }
        }
    }

    @Override
    public KeyAuthPolicy compile(KeyAuth config, Policy policy) {
        List<String> headers = config.getHeaderNamesList().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        return new KeyAuthPolicy(
                headers,
                config.getQueryParametersList(),
                config.getAnonymousAllowed(),
                environments(config),
                config.getKeepKey(),
                config.getForeignKeys());
    }

    @Override
    public String words(KeyAuth config) {
        boolean places = config.getHeaderNamesCount() + config.getQueryParametersCount() > 0;
        String where = places
                ? "headers " + config.getHeaderNamesList() + ", query parameters " + config.getQueryParametersList()
                : "no keys";
        Set<ApiKey.Environment> environments = environments(config);
        String which = environments.size() > 1
                ? ""
                : ", " + environments.iterator().next().word() + " keys only";
        return where
                + (config.getAnonymousAllowed() ? ", anonymous calls pass" : "")
                + which
                + (config.getForeignKeys() ? ", also keys issued elsewhere" : "")
                + (config.getKeepKey() ? ", the service gets the key" : "");
    }

    private static Set<ApiKey.Environment> environments(KeyAuth config) {
        Set<ApiKey.Environment> environments = EnumSet.noneOf(ApiKey.Environment.class);
        for (KeyEnvironment one : config.getEnvironmentsList()) {
            ApiKey.Environment environment = TermsCompiler.environment(one);
            if (environment != null) {
                environments.add(environment);
            }
        }
        return environments.isEmpty() ? EnumSet.allOf(ApiKey.Environment.class) : environments;
    }
}
