package io.tollgate.engine.tls;

import java.util.Map;

/**
 * What ACME servers get that find out whether domains lead here (RFC 8555, 8; RFC 8737). Immutable.
 *
 * @param keyAuthorizations by the token that is asked for
 * @param certificates by the name that is asked for, in lower case, in handshakes for acme-tls/1
 */
public record AcmeAnswers(Map<String, String> keyAuthorizations, Map<String, Certificate> certificates) {
    /** Nobody is asking. */
    public static final AcmeAnswers NONE = new AcmeAnswers(Map.of(), Map.of());

    public AcmeAnswers {
        keyAuthorizations = Map.copyOf(keyAuthorizations);
        certificates = Map.copyOf(certificates);
    }
}
