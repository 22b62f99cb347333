package io.tollgate.controlplane.catalog.envelope;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.UUID;

/**
 * Key pairs that the control plane makes itself, as they are kept: the private key cannot be read again without its public one, so both
 * are sealed together. Sealed are: the kind of key (one byte), the length of the private key (four), the private key (PKCS#8), the public
 * key (SubjectPublicKeyInfo). Immutable functions.
 */
public final class SealedKeyPair {
    private static final String[] ALGORITHMS = {"EC", "RSA"};

    private SealedKeyPair() {}

    /**
     * Makes a key pair.
     *
     * @param type ecdsa-p256, ecdsa-p384, or rsa- and its bits
     */
    public static KeyPair generate(String type) {
        try {
            if (type.startsWith("rsa-")) {
                KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
                rsa.initialize(Integer.parseInt(type.substring("rsa-".length())));
                return rsa.generateKeyPair();
            }
            KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
            ec.initialize(new ECGenParameterSpec(type.equals("ecdsa-p384") ? "secp384r1" : "secp256r1"));
            return ec.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes keys of RSA, P-256 and P-384", e);
        }
    }

    /** Seals a key pair of an object. */
    public static byte[] seal(EnvelopeKey envelope, UUID object, KeyPair keys) {
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        byte[] spki = keys.getPublic().getEncoded();
        byte kind = (byte) (keys.getPublic().getAlgorithm().equals(ALGORITHMS[1]) ? 1 : 0);
        return envelope.seal(
                object,
                ByteBuffer.allocate(1 + Integer.BYTES + pkcs8.length + spki.length)
                        .put(kind)
                        .putInt(pkcs8.length)
                        .put(pkcs8)
                        .put(spki)
                        .array());
    }

    /**
     * Opens what was sealed for the same object.
     *
     * @throws GeneralSecurityException when it was sealed with another key or for another object, or has been changed
     */
    public static KeyPair open(EnvelopeKey envelope, UUID object, byte[] sealed) throws GeneralSecurityException {
        ByteBuffer bytes = ByteBuffer.wrap(envelope.open(object, sealed));
        KeyFactory keys = KeyFactory.getInstance(ALGORITHMS[bytes.get()]);
        byte[] pkcs8 = new byte[bytes.getInt()];
        bytes.get(pkcs8);
        byte[] spki = new byte[bytes.remaining()];
        bytes.get(spki);
        return new KeyPair(
                keys.generatePublic(new X509EncodedKeySpec(spki)),
                keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    }
}
