package io.tollgate.engine.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Authorities whose signatures on certificates are believed. Immutable.
 *
 * @param certificates of the authorities; 1 to {@value #CERTIFICATES_MAX}
 */
public record TrustRoot(String id, String name, List<X509Certificate> certificates) {
    /** Room for the bundle of a whole browser. */
    public static final int CERTIFICATES_MAX = 200;

    /** Reads the authorities from their text. */
    public static List<X509Certificate> parse(String pem) throws TlsFault {
        return PemCertificates.parse(pem, CERTIFICATES_MAX);
    }

    @Override
    public String toString() {
        return "TrustRoot[" + name + "]";
    }
}
