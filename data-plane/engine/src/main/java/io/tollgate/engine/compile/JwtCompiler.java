package io.tollgate.engine.compile;

import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.Jwt;
import io.tollgate.proto.config.v1.Policy;

/** Policies of the type jwt. Compile thread only. */
final class JwtCompiler implements PolicyRules<Jwt, JwtPolicy> {
    private static final int ISSUERS_MAX = 16;

    @Override
    public PolicyType<JwtPolicy> type() {
        return PolicyType.JWT;
    }

    @Override
    public Jwt config(Policy policy) {
        return policy.getJwt();
    }

    private static TokenPlaces places(Jwt config) {
        return new TokenPlaces(
                "jwt",
                config.getHeaderNamesList(),
                config.getQueryParametersList(),
                config.getCookieNamesList(),
                config.getAudiencesList(),
                config.getForwardClaimsList());
    }

    @Override
    public void check(Jwt policy, ObjectProblems problems) {
        TokenIssuerCompiler.checkCount("/jwt/issuers", policy.getIssuerIdsCount(), 1, ISSUERS_MAX, problems);
        places(policy).check(problems);
        if (policy.getCertificateBinding() == io.tollgate.proto.config.v1.CertificateBinding.UNRECOGNIZED) {
            problems.add("/jwt/certificate_binding", policy.getCertificateBindingValue(), "when-bound or required");
        }
    }

    @Override
    public JwtPolicy compile(Jwt config, Policy policy) {
        TokenPlaces places = places(config);
        return new JwtPolicy(
                config.getIssuerIdsList(),
                places.compile(),
                config.getAudiencesList(),
                places.forwarded(),
                config.getKeepToken(),
                config.getAnonymousAllowed(),
                isBoundOnly(config));
    }

    @Override
    public String words(Jwt config) {
        return config.getIssuerIdsCount()
                + (config.getIssuerIdsCount() == 1 ? " issuer, " : " issuers, ")
                + places(config).words()
                + (config.getAnonymousAllowed() ? ", anonymous calls pass" : "")
                + (isBoundOnly(config) ? ", bound to a client certificate only" : "");
    }

    private static boolean isBoundOnly(Jwt config) {
        return config.getCertificateBinding()
                == io.tollgate.proto.config.v1.CertificateBinding.CERTIFICATE_BINDING_REQUIRED;
    }
}
