package io.tollgate.controlplane.catalog.acmechallenge;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants an ACME challenge to be; its shape has been judged against the contract. Immutable.
 *
 * @param type http-01 or tls-alpn-01
 * @param token of the ACME server; http-01 only
 * @param domain that is to be proven; tls-alpn-01 only
 * @param keyAuthorization what is answered, or whose digest is shown
 * @param certificateId whose order it is for; absent: it is the caller's own
 */
public record AcmeChallengeDraft(
        String name,
        String type,
        @Nullable String token,
        @Nullable String domain,
        String keyAuthorization,
        @Nullable UUID certificateId,
        List<String> tags) {
    /** The word for challenges by a token. */
    public static final String HTTP_01 = "http-01";

    /** The word for challenges by a handshake. */
    public static final String TLS_ALPN_01 = "tls-alpn-01";
}
