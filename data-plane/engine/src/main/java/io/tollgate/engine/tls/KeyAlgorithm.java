package io.tollgate.engine.tls;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

/** The kinds of key that certificates may have: those that every client of today and both TLS engines of a node can use. Immutable. */
public enum KeyAlgorithm {
    /** 2048 to 8192 bits: shorter ones are broken, longer ones make each handshake a burden. */
    RSA("RSA", "SHA256withRSA"),
    /** On P-256 or P-384. */
    ECDSA("EC", "SHA256withECDSA");

    private static final int RSA_BITS_MIN = 2_048;
    private static final int RSA_BITS_MAX = 8_192;
    private static final String EXPECTED = "RSA of 2048 to 8192 bits, or ECDSA on P-256 or P-384";
    private static final byte[] PROBE = {'t', 'o', 'l', 'l', 'g', 'a', 't', 'e'};

    private final String key;
    private final String signature;

    KeyAlgorithm(String key, String signature) {
        this.key = key;
        this.signature = signature;
    }

    /** The algorithm of a key that may be used. */
    static KeyAlgorithm of(PublicKey publicKey) throws TlsFault {
        words(publicKey);
        return publicKey instanceof RSAPublicKey ? RSA : ECDSA;
    }

    /** Algorithm and size, as {@code RSA-2048} or {@code ECDSA-P-256}. */
    public static String words(PublicKey publicKey) throws TlsFault {
        if (publicKey instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
                throw new TlsFault("a key of RSA with " + bits + " bits", EXPECTED);
            }
            return "RSA-" + bits;
        }
        if (publicKey instanceof ECPublicKey ec) {
            if (isCurve(ec.getParams(), "secp256r1")) {
                return "ECDSA-P-256";
            }
            if (isCurve(ec.getParams(), "secp384r1")) {
                return "ECDSA-P-384";
            }
            throw new TlsFault("a key on another curve", EXPECTED);
        }
        throw new TlsFault("a key of " + publicKey.getAlgorithm(), EXPECTED);
    }

    /** The private key in {@code pkcs8}, which must be the one of {@code publicKey}. */
    PrivateKey privateKey(byte[] pkcs8, PublicKey publicKey) throws TlsFault {
        PrivateKey privateKey;
        try {
            privateKey = KeyFactory.getInstance(key).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new TlsFault("a key that cannot be read", "the private key of the certificate, which is " + this);
        }
        try {
            Signature signer = Signature.getInstance(signature);
            signer.initSign(privateKey);
            signer.update(PROBE);
            byte[] signed = signer.sign();
            signer.initVerify(publicKey);
            signer.update(PROBE);
            if (signer.verify(signed)) {
                return privateKey;
            }
        } catch (GeneralSecurityException e) {
            // Keys of different sizes or curves do not even verify; what is wrong is the same.
            throw otherKey();
        }
        throw otherKey();
    }

    private static TlsFault otherKey() {
        return new TlsFault("another certificate's key", "the private key of the certificate");
    }

    private static boolean isCurve(ECParameterSpec parameters, String name) {
        try {
            AlgorithmParameters known = AlgorithmParameters.getInstance("EC");
            known.init(new ECGenParameterSpec(name));
            ECParameterSpec curve = known.getParameterSpec(ECParameterSpec.class);
            BigInteger order = curve.getOrder();
            return parameters.getCurve().equals(curve.getCurve())
                    && parameters.getGenerator().equals(curve.getGenerator())
                    && parameters.getOrder().equals(order);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }
}
