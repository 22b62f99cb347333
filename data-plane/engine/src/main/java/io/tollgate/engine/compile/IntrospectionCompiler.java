package io.tollgate.engine.compile;

import io.tollgate.engine.policy.IntrospectionPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.Introspection;
import io.tollgate.proto.config.v1.Policy;

/** Policies of the type introspection. Compile thread only. */
final class IntrospectionCompiler implements PolicyRules<Introspection, IntrospectionPolicy> {
    @Override
    public PolicyType<IntrospectionPolicy> type() {
        return PolicyType.INTROSPECTION;
    }

    @Override
    public Introspection config(Policy policy) {
        return policy.getIntrospection();
    }

    private static TokenPlaces places(Introspection config) {
        return new TokenPlaces(
                "introspection",
                config.getHeaderNamesList(),
                config.getQueryParametersList(),
                config.getCookieNamesList(),
                config.getAudiencesList(),
                config.getForwardClaimsList());
    }

    @Override
    public void check(Introspection config, ObjectProblems problems) {
        places(config).check(problems);
        if (config.getCertificateBinding() == io.tollgate.proto.config.v1.CertificateBinding.UNRECOGNIZED) {
            problems.add(
                    "/introspection/certificate_binding",
                    config.getCertificateBindingValue(),
                    "when-bound or required");
        }
    }

    @Override
    public IntrospectionPolicy compile(Introspection config, Policy policy) {
        TokenPlaces places = places(config);
        return new IntrospectionPolicy(
                config.getIssuerId(),
                places.compile(),
                config.getAudiencesList(),
                places.forwarded(),
                config.getKeepToken(),
                config.getAnonymousAllowed(),
                isBoundOnly(config));
    }

    @Override
    public String words(Introspection config) {
        return places(config).words()
                + (config.getAnonymousAllowed() ? ", anonymous calls pass" : "")
                + (isBoundOnly(config) ? ", bound to a client certificate only" : "");
    }

    private static boolean isBoundOnly(Introspection config) {
        return config.getCertificateBinding()
                == io.tollgate.proto.config.v1.CertificateBinding.CERTIFICATE_BINDING_REQUIRED;
    }
}
