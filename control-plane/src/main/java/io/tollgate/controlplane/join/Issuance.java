package io.tollgate.controlplane.join;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates (RFC 5280) of ECDSA keys on P-256: the authority's own, those of control planes, those of nodes. Pure functions but
 * for the randomness. Stateless.
 *
 * <p>A node's certificate can prove nothing but a node (extended key usage clientAuth, its id as the common name), and a control plane's
 * nothing but a control plane (serverAuth, its names).
 */
final class Issuance {
    /** Longer than any installation is meant to live with one authority: every node has to join anew with its successor. */
    static final Duration AUTHORITY_LIFETIME = Duration.ofDays(20 * 365L);

    /** Clocks of nodes may be behind by so much. */
    static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(5);

    /** The least part of a short lifetime that its beginning is put back by. */
    private static final int SKEW_SHARE = 10;

    private static final String CURVE = "secp256r1";
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
    private static final int SERIAL_BITS = 127;
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Issuance() {}

    static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /** The authority itself, signed by itself; it may sign no other authority. */
    static X509Certificate authority(KeyPair key, Instant now) {
        X500Name name = name("Tollgate streams " + Long.toHexString(RANDOM.nextLong()));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                serial(),
                Date.from(now.minus(CLOCK_SKEW_MAX)),
                Date.from(now.plus(AUTHORITY_LIFETIME)),
                name,
                key.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key.getPublic()));
            return signed(builder, key.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("an authority can always be made", e);
        }
    }

    /** What a node shows. */
    static X509Certificate node(Signer by, String nodeId, PublicKey key, Instant now, Duration lifetime) {
        return leaf(by, name(nodeId), key, KeyPurposeId.id_kp_clientAuth, List.of(), now, lifetime);
    }

    /** What a control plane shows to nodes that dial it by one of {@code names}, which are host names and IP addresses. */
    static X509Certificate server(Signer by, List<String> names, PublicKey key, Instant now, Duration lifetime) {
        return leaf(by, name("Tollgate control plane"), key, KeyPurposeId.id_kp_serverAuth, names, now, lifetime);
    }

    /** An authority and its key. */
    record Signer(X509Certificate certificate, PrivateKey key) {
        @Override
        public String toString() {
            return "Signer[" + certificate.getSubjectX500Principal() + "]";
        }
    }

    private static X509Certificate leaf(
            Signer by,
            X500Name subject,
            PublicKey key,
            KeyPurposeId purpose,
            List<String> names,
            Instant now,
            Duration lifetime) {
        Duration share = lifetime.dividedBy(SKEW_SHARE);
        Instant notBefore = now.minus(share.compareTo(CLOCK_SKEW_MAX) < 0 ? share : CLOCK_SKEW_MAX);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                X500Name.getInstance(by.certificate().getSubjectX500Principal().getEncoded()),
                serial(),
                Date.from(notBefore),
                Date.from(now.plus(lifetime)),
                subject,
                key);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(by.certificate()));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(
                                names.stream().map(Issuance::alternative).toArray(GeneralName[]::new)));
            }
            return signed(builder, by.key());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate can always be made", e);
        }
    }

    /** Reads a node's public key; absent when it is not ECDSA on P-256. */
    static Optional<PublicKey> nodeKey(byte[] der) {
        try {
            PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
            AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
            p256.init(new ECGenParameterSpec(CURVE));
            return key instanceof ECPublicKey ec
                            && ec.getParams()
                                    .getCurve()
                                    .equals(p256.getParameterSpec(ECParameterSpec.class)
                                            .getCurve())
                    ? Optional.of(key)
                    : Optional.empty();
        } catch (GeneralSecurityException notOne) {
            return Optional.empty();
        }
    }

    static X509Certificate read(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** As tools print it. */
    static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static GeneralName alternative(String name) {
        return new GeneralName(ADDRESS.matcher(name).matches() ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static BigInteger serial() {
        BigInteger serial = new BigInteger(SERIAL_BITS, RANDOM);
        return serial.signum() == 0 ? BigInteger.ONE : serial;
    }
}
