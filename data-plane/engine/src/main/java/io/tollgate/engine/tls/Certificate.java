package io.tollgate.engine.tls;

import java.security.PrivateKey;
import java.time.Instant;

/**
 * A certificate that this side can prove itself with. Its text never holds the key. Immutable.
 *
 * @param chain the certificate and its issuers
 * @param privateKey of the certificate itself
 * @param names what it is for
 * @param staple shown to clients that ask for it
 */
public record Certificate(
        String id,
        String name,
        CertificateChain chain,
        PrivateKey privateKey,
        CertificateNames names,
        OcspStaple staple) {

    /**
     * Makes a certificate of what the wire says.
     *
     * @param pkcs8 its private key
     */
    public static Certificate of(String id, String name, CertificateChain chain, byte[] pkcs8, OcspStaple staple)
            throws TlsFault {
        return new Certificate(id, name, chain, chain.privateKey(pkcs8), CertificateNames.of(chain.leaf()), staple);
    }

    /** When the first certificate of the chain expires. */
    public Instant notAfter() {
        return chain.certificates().stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    @Override
    public String toString() {
        return "Certificate[" + name + "]";
    }
}
