package io.tollgate.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.engine.fixture.TestAuthority;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateTest {
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final TestAuthority AUTHORITY = ROOT.intermediate("authority");

    @Test
    void of_chainAndItsKey_isWhatTheySay() throws TlsFault {
        TestAuthority.Issued issued = AUTHORITY.ecdsaFor("Shop.example.com", "*.shop.example.com", "192.0.2.7");

        Certificate certificate =
                Certificate.of("id", "shop", CertificateChain.parse(issued.chainPem()), issued.key(), OcspStaple.NONE);

        assertThat(certificate.chain().certificates()).isEqualTo(issued.chain()).hasSize(2);
        assertThat(certificate.chain().keyAlgorithm()).isEqualTo(KeyAlgorithm.ECDSA);
        assertThat(certificate.names().dns()).containsExactly("shop.example.com", "*.shop.example.com");
        assertThat(certificate.names().addresses()).containsExactly("192.0.2.7");
        assertThat(certificate.notAfter())
                .isEqualTo(issued.certificate().getNotAfter().toInstant());
        assertThat(certificate).hasToString("Certificate[shop]");
    }

    @Test
    void words_keysThatMayBeUsed_sayAlgorithmAndSize() throws TlsFault {
        assertThat(KeyAlgorithm.words(TestAuthority.rsa(2_048).getPublic())).isEqualTo("RSA-2048");
        assertThat(KeyAlgorithm.words(TestAuthority.ecdsa("secp256r1").getPublic()))
                .isEqualTo("ECDSA-P-256");
        assertThat(KeyAlgorithm.words(TestAuthority.ecdsa("secp384r1").getPublic()))
                .isEqualTo("ECDSA-P-384");
    }

    @Test
    void parse_keysThatMayNotBeUsed_isRefused() {
        refusesKey(TestAuthority.rsa(1_024), "a key of RSA with 1024 bits");
        refusesKey(TestAuthority.ecdsa("secp521r1"), "a key on another curve");
        refusesKey(TestAuthority.ed25519(), "a key of EdDSA");
    }

    private static void refusesKey(KeyPair keys, String value) {
        assertThatThrownBy(() -> CertificateChain.parse(
                        AUTHORITY.issue(keys, 90, "a.example.com").chainPem()))
                .hasMessage(value + " (expected: RSA of 2048 to 8192 bits, or ECDSA on P-256 or P-384)");
    }

    @Test
    void parse_chainInAnotherOrder_isRefused() {
        TestAuthority.Issued issued = AUTHORITY.ecdsaFor("a.example.com");
        X509Certificate leaf = issued.certificate();
        X509Certificate authority = issued.chain().get(1);

        refusesChain(List.of(authority, leaf), "certificate 1, which did not sign certificate 0");
        refusesChain(List.of(leaf, ROOT.certificate()), "certificate 1, which did not sign certificate 0");
        refusesChain(List.of(leaf, authority, leaf), "certificate 2 once more");
        // The same name as the issuer's is not enough.
        X509Certificate namesake = TestAuthority.root("authority").certificate();
        refusesChain(List.of(leaf, namesake), "certificate 1, which did not sign certificate 0");
    }

    @Test
    void parse_chainWithItsRoot_isTaken() throws TlsFault {
        TestAuthority.Issued issued = AUTHORITY.ecdsaFor("a.example.com");

        CertificateChain chain = CertificateChain.parse(issued.chainPem() + ROOT.certificatePem());

        assertThat(chain.certificates()).hasSize(3);
    }

    private static void refusesChain(List<X509Certificate> chain, String value) {
        assertThatThrownBy(() -> CertificateChain.parse(TestAuthority.pem(chain)))
                .hasMessageStartingWith(value);
    }

    @Test
    void parse_whatIsNoCertificate_isRefused() {
        String good = ROOT.certificatePem();
        assertThatThrownBy(() -> CertificateChain.parse("")).hasMessageStartingWith("no certificate");
        assertThatThrownBy(() -> CertificateChain.parse("x")).hasMessageStartingWith("text behind 0 certificates");
        assertThatThrownBy(() -> CertificateChain.parse(good + "x"))
                .hasMessageStartingWith("text behind 1 certificates");
        assertThatThrownBy(() -> CertificateChain.parse(TestAuthority.pem("CERTIFICATE", new byte[] {1, 2, 3})))
                .hasMessageStartingWith("certificate 0, which cannot be read");
        assertThatThrownBy(() -> CertificateChain.parse(
                        good.replace("-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nA")))
                .hasMessageStartingWith("certificate 0, which cannot be read");
        assertThatThrownBy(() -> CertificateChain.parse(TestAuthority.pem("PRIVATE KEY", new byte[] {1})))
                .hasMessageStartingWith("text behind 0 certificates");
    }

    @Test
    void parse_trustRootBeyondItsBound_isRefused() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= TrustRoot.CERTIFICATES_MAX; i++) {
            many.append(AUTHORITY.certificatePem());
        }
        assertThatThrownBy(() -> TrustRoot.parse(many.toString())).hasMessageStartingWith("certificate 1 once more");
        assertThatThrownBy(() -> PemCertificates.parse(ROOT.certificatePem() + AUTHORITY.certificatePem(), 1))
                .hasMessageStartingWith("more than 1 certificates");
    }

    @Test
    void privateKey_ofAnotherCertificateOrNone_isRefusedWithoutShowingIt() throws TlsFault {
        TestAuthority.Issued issued = AUTHORITY.ecdsaFor("a.example.com");
        CertificateChain chain = CertificateChain.parse(issued.chainPem());

        assertThatThrownBy(() ->
                        chain.privateKey(AUTHORITY.ecdsaFor("a.example.com").key()))
                .hasMessage("another certificate's key (expected: the private key of the certificate)");
        assertThatThrownBy(() -> chain.privateKey(
                        TestAuthority.ecdsa("secp384r1").getPrivate().getEncoded()))
                .hasMessageStartingWith("another certificate's key");
        assertThatThrownBy(() ->
                        chain.privateKey(TestAuthority.rsa(2_048).getPrivate().getEncoded()))
                .hasMessageStartingWith("a key that cannot be read");
        assertThatThrownBy(() -> chain.privateKey(new byte[0])).hasMessageStartingWith("a key that cannot be read");
        TestAuthority.Issued rsa = AUTHORITY.rsaFor("a.example.com");
        assertThatThrownBy(() -> CertificateChain.parse(rsa.chainPem())
                        .privateKey(AUTHORITY.rsaFor("a.example.com").key()))
                .hasMessageStartingWith("another certificate's key");
    }

    @Test
    void staple_isFreshUntilItsNextUpdate() {
        assertThat(new OcspStaple(new byte[] {1}, 100).isFresh(99)).isTrue();
        assertThat(new OcspStaple(new byte[] {1}, 100).isFresh(100)).isFalse();
        assertThat(OcspStaple.NONE.isFresh(-1)).isFalse();
    }

    @Test
    void portrait_saysWhatPeopleKnowItBy() {
        X509Certificate certificate = AUTHORITY.rsaFor("a.example.com", "::1").certificate();

        CertificatePortrait portrait = CertificatePortrait.of(certificate);

        assertThat(portrait.subject()).isEqualTo("CN=a.example.com");
        assertThat(portrait.sans()).containsExactly("a.example.com", "0:0:0:0:0:0:0:1");
        assertThat(portrait.serial()).isEqualTo(certificate.getSerialNumber().toString(16));
        assertThat(portrait.fingerprintSha256()).hasSize(64);
        assertThat(portrait.notAfter()).isEqualTo(certificate.getNotAfter().toInstant());
    }

    @Test
    void peer_saysAllThatItMayBeKnownBy() throws Exception {
        TestAuthority.Issued issued = AUTHORITY.ecdsaFor(
                "Partner.example.com", "192.0.2.7", "spiffe://example.com/partner", "ops@example.com");

        PeerCertificate peer = PeerCertificate.of(issued.chain());

        assertThat(peer.subject()).isEqualTo("CN=Partner.example.com");
        assertThat(peer.issuer()).isEqualTo("CN=authority");
        assertThat(peer.names())
                .isEqualTo(new AlternativeNames(
                        List.of("partner.example.com"),
                        List.of("ops@example.com"),
                        List.of("spiffe://example.com/partner"),
                        List.of("192.0.2.7")));
        assertThat(peer.fingerprintSha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(issued.certificate().getEncoded())));
        assertThat(peer.serial())
                .isEqualTo(issued.certificate().getSerialNumber().toString(16));
        assertThat(peer.notAfter()).isEqualTo(issued.certificate().getNotAfter().toInstant());
        assertThat(peer.chain()).isEqualTo(issued.chain());
    }
}
