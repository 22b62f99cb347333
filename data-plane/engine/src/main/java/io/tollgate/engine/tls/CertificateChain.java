package io.tollgate.engine.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate and those of its issuers, each signed by the next. Immutable.
 *
 * @param certificates the certificate itself first; 1 to {@value #CERTIFICATES_MAX}
 * @param keyAlgorithm of the certificate itself
 */
public record CertificateChain(List<X509Certificate> certificates, KeyAlgorithm keyAlgorithm) {
    /** More make every handshake larger than a client will take. */
    public static final int CERTIFICATES_MAX = 10;

    /** Reads a chain from its text. */
    public static CertificateChain parse(String pem) throws TlsFault {
        List<X509Certificate> certificates = PemCertificates.parse(pem, CERTIFICATES_MAX);
        KeyAlgorithm algorithm = KeyAlgorithm.of(certificates.get(0).getPublicKey());
        for (int i = 1; i < certificates.size(); i++) {
            if (!isSignedBy(certificates.get(i - 1), certificates.get(i))) {
                throw new TlsFault(
                        "certificate " + i + ", which did not sign certificate " + (i - 1),
                        "the certificate itself, then the one that signed it, and so on");
            }
        }
        return new CertificateChain(certificates, algorithm);
    }

    /** Reads a chain of the one certificate that these bytes are. */
    public static CertificateChain parseDer(byte[] der) throws TlsFault {
        X509Certificate certificate;
        try {
            certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsFault(der.length + " bytes that are no certificate", "one certificate, DER");
        }
        return new CertificateChain(List.of(certificate), KeyAlgorithm.of(certificate.getPublicKey()));
    }

    /** The certificate itself. */
    public X509Certificate leaf() {
        return certificates.get(0);
    }

    /** Reads the certificate's private key from PKCS#8. */
    public PrivateKey privateKey(byte[] pkcs8) throws TlsFault {
        return keyAlgorithm.privateKey(pkcs8, leaf().getPublicKey());
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            // A signature that does not verify, or one of a kind that no client would take either.
            return false;
        }
    }
}
