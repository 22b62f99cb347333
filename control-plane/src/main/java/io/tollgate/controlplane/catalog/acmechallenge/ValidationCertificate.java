package io.tollgate.controlplane.catalog.acmechallenge;

import io.tollgate.controlplane.catalog.envelope.SealedKeyPair;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What proves a domain by TLS-ALPN-01 (RFC 8737, 3): a self-signed certificate for the domain alone, whose critical extension
 * acmeIdentifier holds the digest of the key authorization. Its text does not hold the key. Immutable.
 *
 * @param der the certificate
 * @param pkcs8 its private key
 */
record ValidationCertificate(byte[] der, byte[] pkcs8) {
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");
    private static final Duration LIFETIME = Duration.ofDays(7);

    static ValidationCertificate of(String domain, String keyAuthorization, Instant now) {
        KeyPair keys = SealedKeyPair.generate("ecdsa-p256");
        X500Name subject = new X500Name("CN=acme.invalid");
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(LIFETIME)),
                subject,
                keys.getPublic());
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(keyAuthorization.getBytes(StandardCharsets.US_ASCII));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, domain)));
            builder.addExtension(ACME_IDENTIFIER, true, new DEROctetString(digest));
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            return new ValidationCertificate(der, keys.getPrivate().getEncoded());
        } catch (IOException | NoSuchAlgorithmException | OperatorCreationException e) {
            throw new IllegalStateException("every JDK has SHA-256 and ECDSA", e);
        }
    }

    @Override
    public String toString() {
        return "ValidationCertificate[]";
    }
}
