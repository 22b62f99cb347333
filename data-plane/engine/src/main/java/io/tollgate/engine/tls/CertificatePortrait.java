package io.tollgate.engine.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What people know a certificate by. Immutable.
 *
 * @param subject as RFC 2253 writes it
 * @param sans names and addresses that it is for
 * @param serial hexadecimal
 * @param fingerprintSha256 of its DER, hexadecimal
 */
public record CertificatePortrait(
        String subject,
        List<String> sans,
        String serial,
        Instant notBefore,
        Instant notAfter,
        String fingerprintSha256) {
    /** Looks at a certificate. */
    public static CertificatePortrait of(X509Certificate certificate) {
        return new CertificatePortrait(
                certificate.getSubjectX500Principal().getName(),
                CertificateNames.of(certificate).all(),
                certificate.getSerialNumber().toString(16),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                fingerprint(certificate));
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("every JDK has SHA-256, and what was read can be written", e);
        }
    }
}
