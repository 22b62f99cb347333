package io.tollgate.node.dial;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * That this node is one of a control plane's: the certificate that it shows, with its key, and the authority that it believes. Its text holds
 * no secret. Immutable.
 *
 * @param tokenId of the join token that it came from, however often it was renewed since
 */
public record Membership(UUID tokenId, PrivateKey key, X509Certificate certificate, X509Certificate authority) {
    /** A certificate is renewed when this part of its life is left ... */
    private static final int RENEWED_AT_PART = 3;

    /** ... or up to this part of it earlier, so that nodes that joined together do not renew together. */
    private static final int JITTER_PART = 12;

    /** A new key: ECDSA on P-256. */
    static KeyPair newKey(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has P-256", impossible);
        }
    }

    static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** When the next certificate is asked for. */
    long renewAtMillis(RandomGenerator random) {
        long lifeMillis = notAfterMillis() - certificate.getNotBefore().getTime();
        return notAfterMillis() - lifeMillis / RENEWED_AT_PART - random.nextLong(lifeMillis / JITTER_PART + 1);
    }

    /** End of the certificate's life, milliseconds since the Unix epoch. */
    public long notAfterMillis() {
        return certificate.getNotAfter().getTime();
    }

    boolean hasExpired(long nowMillis) {
        return nowMillis >= notAfterMillis();
    }

    @Override
    public String toString() {
        return "Membership[" + certificate.getSubjectX500Principal() + ", serial="
                + certificate.getSerialNumber().toString(16) + "]";
    }
}
