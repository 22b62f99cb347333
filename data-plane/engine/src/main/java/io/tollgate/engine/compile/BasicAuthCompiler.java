package io.tollgate.engine.compile;

import io.tollgate.engine.policy.BasicAuthPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.BasicAuth;
import io.tollgate.proto.config.v1.Policy;
import java.util.regex.Pattern;

/** Policies of the type basic-auth. Compile thread only. */
final class BasicAuthCompiler implements PolicyRules<BasicAuth, BasicAuthPolicy> {
    private static final String USUAL_REALM = "tollgate";
    // What may stand between quotes without being quoted itself (RFC 9110, 5.6.4).
    private static final Pattern REALM = Pattern.compile("[ !#-\\[\\]-~]{0,64}");

    @Override
    public PolicyType<BasicAuthPolicy> type() {
        return PolicyType.BASIC_AUTH;
    }

    @Override
    public BasicAuth config(Policy policy) {
        return policy.getBasicAuth();
    }

    @Override
    public void check(BasicAuth policy, ObjectProblems problems) {
        if (!REALM.matcher(policy.getRealm()).matches()) {
            problems.add(
                    "/basic_auth/realm",
                    policy.getRealm(),
                    "at most 64 printable ASCII characters but quotation marks and backslashes");
        }
    }

    @Override
    public BasicAuthPolicy compile(BasicAuth config, Policy policy) {
        return new BasicAuthPolicy(realm(config), config.getKeepCredentials(), config.getAnonymousAllowed());
    }

    @Override
    public String words(BasicAuth config) {
        return "user name and password, realm " + realm(config)
                + (config.getAnonymousAllowed() ? ", anonymous calls pass" : "")
                + (config.getKeepCredentials() ? ", the service gets them" : "");
    }

    private static String realm(BasicAuth config) {
        return config.getRealm().isEmpty() ? USUAL_REALM : config.getRealm();
    }
}
