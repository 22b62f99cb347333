package io.tollgate.engine.compile;

import io.tollgate.engine.policy.ClientCertificatePolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.ClientCertificateAuth;
import io.tollgate.proto.config.v1.Policy;

/** Policies of the type client-certificate. Compile thread only. */
final class ClientCertificateCompiler implements PolicyRules<ClientCertificateAuth, ClientCertificatePolicy> {
    @Override
    public PolicyType<ClientCertificatePolicy> type() {
        return PolicyType.CLIENT_CERTIFICATE;
    }

    @Override
    public ClientCertificateAuth config(Policy policy) {
        return policy.getClientCertificate();
    }

    @Override
    public void check(ClientCertificateAuth policy, ObjectProblems problems) {
        // Both of its switches may stand either way.
    }

    @Override
    public ClientCertificatePolicy compile(ClientCertificateAuth config, Policy policy) {
        return new ClientCertificatePolicy(config.getAnonymousAllowed(), config.getForwardCertificate());
    }

    @Override
    public String words(ClientCertificateAuth config) {
        return "certificate of the connection" + (config.getAnonymousAllowed() ? ", anonymous calls pass" : "")
                + (config.getForwardCertificate() ? ", the service gets it" : "");
    }
}
