package io.tollgate.engine.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The certificate with which the peer of a connection proved who it is, read once for all that is asked of it. Immutable.
 *
 * <p>It was believed and in its time when it was shown; a connection, and a session that is resumed, may outlive it.
 *
 * @param subject as RFC 2253 writes it; empty where the certificate has names only
 * @param names subject alternative names
 * @param serial hexadecimal
 * @param issuer as RFC 2253 writes it
 * @param fingerprintSha256 of its DER, 64 digits, hexadecimal in lower case
 * @param chain as the peer showed it, its own certificate first; the root may be missing
 */
public record PeerCertificate(
        String subject,
        AlternativeNames names,
        String serial,
        String issuer,
        String fingerprintSha256,
        Instant notAfter,
        List<X509Certificate> chain) {
    /** Copies the list. */
    public PeerCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * Reads the certificate of a peer that is believed already.
     *
     * @param chain its own certificate first
     */
    public static PeerCertificate of(List<X509Certificate> chain) {
        X509Certificate own = chain.get(0);
        CertificatePortrait portrait = CertificatePortrait.of(own);
        return new PeerCertificate(
                portrait.subject(),
                AlternativeNames.of(own),
                portrait.serial(),
                own.getIssuerX500Principal().getName(),
                portrait.fingerprintSha256(),
                portrait.notAfter(),
                chain);
    }
}
