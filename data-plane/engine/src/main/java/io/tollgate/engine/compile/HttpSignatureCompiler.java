package io.tollgate.engine.compile;

import io.tollgate.engine.policy.HttpSignaturePolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.signature.Component;
import io.tollgate.engine.signature.SignatureRules;
import io.tollgate.proto.config.v1.HttpSignature;
import io.tollgate.proto.config.v1.Policy;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Policies of the type http-signature. Compile thread only. */
final class HttpSignatureCompiler implements PolicyRules<HttpSignature, HttpSignaturePolicy> {
    private static final int COMPONENTS_MAX = 32;
    private static final int AGE_SECONDS_MAX = 3_600;
    private static final int SKEW_SECONDS_MAX = 300;
    private static final Pattern TAG = Pattern.compile("[ -~]{0,256}");

    @Override
    public PolicyType<HttpSignaturePolicy> type() {
        return PolicyType.HTTP_SIGNATURE;
    }

    @Override
    public HttpSignature config(Policy policy) {
        return policy.getHttpSignature();
    }

    @Override
    public void check(HttpSignature policy, ObjectProblems problems) {
        int components = policy.getRequiredComponentsCount();
        if (components > COMPONENTS_MAX) {
            problems.add(
                    "/http_signature/required_components", components + " components", "at most " + COMPONENTS_MAX);
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < components; i++) {
            String name = policy.getRequiredComponents(i);
            if (!Component.isKnown(name) || !seen.add(name)) {
                problems.add(
                        "/http_signature/required_components/" + i,
                        name,
                        "the name of a field in lower case, @method, @authority, @scheme, @target-uri, @request-target,"
                                + " @path or @query, each once");
            }
        }
        if (!TAG.matcher(policy.getTag()).matches()) {
            problems.add("/http_signature/tag", policy.getTag(), "at most 256 printable ASCII characters");
        }
        problems.range("/http_signature/max_age_seconds", policy.getMaxAgeSeconds(), 1, AGE_SECONDS_MAX);
        problems.range("/http_signature/clock_skew_seconds", policy.getClockSkewSeconds(), 0, SKEW_SECONDS_MAX);
    }

    @Override
    public HttpSignaturePolicy compile(HttpSignature config, Policy policy) {
        SignatureRules rules = new SignatureRules(
                config.getRequiredComponentsList(),
                config.getTag(),
                config.getMaxAgeSeconds(),
                config.getClockSkewSeconds(),
                config.getNonceRequired(),
                config.getContentDigestRequired());
        return new HttpSignaturePolicy(rules, config.getKeepSignature(), config.getAnonymousAllowed());
    }

    @Override
    public String words(HttpSignature config) {
        return "signature over " + config.getRequiredComponentsList() + ", at most " + config.getMaxAgeSeconds()
                + " seconds old"
                + (config.getTag().isEmpty() ? "" : ", tag " + config.getTag())
                + (config.getNonceRequired() ? ", with a nonce" : "")
                + (config.getContentDigestRequired() ? ", with the digest of a body" : "")
                + (config.getAnonymousAllowed() ? ", anonymous calls pass" : "")
                + (config.getKeepSignature() ? ", the service gets it" : "");
    }
}
