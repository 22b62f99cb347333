package io.tollgate.controlplane.catalog.certificate;

import io.tollgate.engine.tls.TlsFault;
import java.io.IOException;
import java.io.StringReader;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** Private keys as tools write them: PKCS#8, PKCS#1 or SEC 1 in PEM (RFC 7468). Immutable functions. */
final class PrivateKeyText {
    private static final String EXPECTED =
            "one PEM block with an unencrypted key: PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY";

    private PrivateKeyText() {}

    /** The key as PKCS#8, DER. */
    static byte[] parse(String pem) throws TlsFault {
        try (PEMParser blocks = new PEMParser(new StringReader(pem))) {
            Object block = blocks.readObject();
            if (block instanceof ASN1ObjectIdentifier) {
                // The curve, which OpenSSL writes before the key that names it again.
                block = blocks.readObject();
            }
            if (block instanceof PEMKeyPair pair) {
                return pair.getPrivateKeyInfo().getEncoded();
            }
            if (block instanceof PrivateKeyInfo key) {
                return key.getEncoded();
            }
            throw new TlsFault(block == null ? "no PEM block" : "a PEM block of another kind", EXPECTED);
        } catch (IOException e) {
            // Its message could tell what the text says.
            throw new TlsFault("a text that cannot be read", EXPECTED);
        }
    }
}
