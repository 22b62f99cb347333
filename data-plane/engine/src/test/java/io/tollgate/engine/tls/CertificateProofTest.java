package io.tollgate.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestAuthority;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateProofTest {
    private static final TestAuthority AUTHORITY = TestAuthority.root("root");

    @Test
    void of_everyNameAndTheDigest_whatIsMostParticularFirst() {
        TestAuthority.Issued issued = AUTHORITY.issue(
                TestAuthority.ecdsa("secp256r1"), 1, "Partner", "spiffe://example.com/Partner", "Ops@Example.com");
        PeerCertificate certificate = PeerCertificate.of(issued.chain());

        List<String> proofs = CertificateProof.of(certificate);

        assertThat(proofs)
                .containsExactly(
                        CertificateProof.fingerprint(certificate.fingerprintSha256()),
                        CertificateProof.uri("spiffe://example.com/Partner"),
                        CertificateProof.dns("partner"),
                        CertificateProof.email("Ops@example.COM"),
                        CertificateProof.subject(certificate.subject()));
    }

    @Test
    void subject_writtenInOtherWays_isTheSame() {
        String one = CertificateProof.subject("CN=Acme Partner,OU=Ops+L=Bern,O=Acme\\, Inc.");

        assertThat(one).isNotNull();
        assertThat(CertificateProof.subject("cn=acme  partner, L=bern + OU=ops, O=\"Acme, Inc.\""))
                .isEqualTo(one);
        assertThat(CertificateProof.subject("2.5.4.3=Acme Partner,OU=Ops+L=Bern,O=Acme\\, Inc."))
                .isEqualTo(one);
        assertThat(CertificateProof.subject("O=Acme\\, Inc.,OU=Ops+L=Bern,CN=Acme Partner"))
                .as("the order is part of a name")
                .isNotEqualTo(one);
        assertThat(CertificateProof.subject("CN=Acme Partner\\,O=Acme"))
                .isNotEqualTo(CertificateProof.subject("CN=Acme Partner,O=Acme"));
    }

    @Test
    void subject_thatIsNone_isNull() {
        for (String none : List.of("", " ", "partner", "CN=a,", "XX=1", "CN=\"a")) {
            assertThat(CertificateProof.subject(none)).as(none).isNull();
        }
    }

    @Test
    void kinds_ofOneText_differ() {
        assertThat(List.of(CertificateProof.dns("cn=a"), CertificateProof.uri("cn=a"), CertificateProof.email("cn=a")))
                .doesNotHaveDuplicates()
                .doesNotContain(CertificateProof.subject("cn=a"));
    }

    @Test
    void fingerprint_withColons_isTheSame() {
        assertThat(CertificateProof.fingerprint("AB:CD")).isEqualTo(CertificateProof.fingerprint("abcd"));
    }
}
