package io.tollgate.engine.compile;

import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.KeyAuth;
import io.tollgate.proto.config.v1.Policy;
import java.util.List;
import java.util.Locale;
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
        if (headers + parameters == 0 && !policy.getAnonymousAllowed()) {
            problems.add("/key_auth", "neither header nor query parameter", "at least one place for the key");
        }
        if (headers > NAMES_MAX) {
            problems.add("/key_auth/header_names", headers + " names", "at most " + NAMES_MAX);
        }
        if (parameters > NAMES_MAX) {
            problems.add("/key_auth/query_parameters", parameters + " names", "at most " + NAMES_MAX);
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
        return new KeyAuthPolicy(headers, config.getQueryParametersList(), config.getAnonymousAllowed());
    }

    @Override
    public String words(KeyAuth config) {
        return "headers " + config.getHeaderNamesList() + ", query parameters " + config.getQueryParametersList()
                + (config.getAnonymousAllowed() ? ", anonymous calls pass" : "");
    }
}
