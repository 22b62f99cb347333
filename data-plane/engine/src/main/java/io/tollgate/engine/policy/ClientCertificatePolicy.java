package io.tollgate.engine.policy;

import java.util.List;

/**
 * That the certificate of the client's connection proves a caller. Immutable.
 *
 * @param anonymousAllowed a call without any certificate passes; one that nobody is known by is refused all the same
 * @param forwardCertificate whether the upstream is told the certificate (RFC 9440)
 */
public record ClientCertificatePolicy(boolean anonymousAllowed, boolean forwardCertificate)
        implements CredentialPolicy {
    /** It is nowhere in the request. */
    @Override
    public List<String> secretHeaders() {
        return List.of();
    }

    @Override
    public List<String> secretParameters() {
        return List.of();
    }

    @Override
    public boolean keepsSecrets() {
        return false;
    }
}
