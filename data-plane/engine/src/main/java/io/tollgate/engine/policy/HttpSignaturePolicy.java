package io.tollgate.engine.policy;

import io.tollgate.engine.signature.SignatureRules;
import java.util.List;

/**
 * That a signature of the request proves a caller (RFC 9421). Immutable.
 *
 * @param rules what it must say
 * @param keepSignature whether the upstream gets it, too
 * @param anonymousAllowed a call without any passes; a bad one is refused all the same
 */
public record HttpSignaturePolicy(SignatureRules rules, boolean keepSignature, boolean anonymousAllowed)
        implements CredentialPolicy {
    private static final List<String> HEADERS = List.of("signature", "signature-input");

    @Override
    public List<String> secretHeaders() {
        return HEADERS;
    }

    @Override
    public List<String> secretParameters() {
        return List.of();
    }

    @Override
    public boolean keepsSecrets() {
        return keepSignature;
    }
}
