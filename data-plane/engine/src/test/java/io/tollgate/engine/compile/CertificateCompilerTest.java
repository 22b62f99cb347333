package io.tollgate.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Certificate;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Gateway;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.TrustRoot;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CertificateCompilerTest {
    private static final String SHOP = "00000000-0000-0000-0000-000000000001";
    private static final String ROOT = "00000000-0000-0000-0000-000000000002";
    private static final TestAuthority AUTHORITY = TestAuthority.root("root");
    private static final TestAuthority.Issued ISSUED = AUTHORITY.ecdsaFor("shop.example.com");

    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private @Nullable CompiledConfiguration held;

    @BeforeEach
    void gateway() {
        put(
                ObjectKind.OBJECT_KIND_GATEWAY,
                ObjectKey.GATEWAY_ID,
                Gateway.newBuilder()
                        .setKeyDigestSecret(ByteString.copyFrom(new byte[32]))
                        .build());
    }

    @Test
    void compile_certificateAndTrustRoot_areThereUntilTheyAreRemoved() {
        put(ObjectKind.OBJECT_KIND_CERTIFICATE, SHOP, certificate(ISSUED).build());
        put(ObjectKind.OBJECT_KIND_TRUST_ROOT, ROOT, root(AUTHORITY.certificatePem()));

        CompiledConfiguration both = compiled();
        assertThat(shop(both).chain().leaf()).isEqualTo(ISSUED.certificate());
        assertThat(shop(both).staple().isFresh(5)).isTrue();
        assertThat(Objects.requireNonNull(both.trustRoots().get(ROOT)).certificates())
                .containsExactly(AUTHORITY.certificate());

        TestAuthority.Issued next = AUTHORITY.rsaFor("shop.example.com");
        put(ObjectKind.OBJECT_KIND_CERTIFICATE, SHOP, certificate(next).build());
        CompiledConfiguration replaced = compiled();
        assertThat(shop(replaced).chain().leaf()).isEqualTo(next.certificate());
        assertThat(replaced.trustRoots()).isSameAs(both.trustRoots());

        wire.apply(List.of(Change.newBuilder()
                .setKind(ObjectKind.OBJECT_KIND_CERTIFICATE)
                .setId(SHOP)
                .setRemoved(true)
                .build()));
        assertThat(compiled().certificates()).isEmpty();
    }

    @Test
    void compile_certificateThatHasExpired_isTaken() {
        put(
                ObjectKind.OBJECT_KIND_CERTIFICATE,
                SHOP,
                certificate(AUTHORITY.expiredFor("a.example.com")).build());

        assertThat(compiled().certificates()).containsKey(SHOP);
    }

    @Test
    void compile_whatIsWrong_namesObjectAndMember() {
        put(
                ObjectKind.OBJECT_KIND_CERTIFICATE,
                SHOP,
                certificate(ISSUED).setCertificateChain("x").setName("-").build());
        put(ObjectKind.OBJECT_KIND_TRUST_ROOT, ROOT, root(""));

        assertThat(problems())
                .extracting(problem -> problem.kind() + problem.pointer())
                .containsExactly(
                        "OBJECT_KIND_CERTIFICATE/certificate_chain",
                        "OBJECT_KIND_CERTIFICATE/name",
                        "OBJECT_KIND_TRUST_ROOT/certificates");
    }

    @Test
    void compile_keyOfAnotherCertificate_isRefusedWithoutShowingIt() {
        byte[] other = AUTHORITY.ecdsaFor("shop.example.com").key();
        put(
                ObjectKind.OBJECT_KIND_CERTIFICATE,
                SHOP,
                certificate(ISSUED).setPrivateKey(ByteString.copyFrom(other)).build());

        assertThat(problems())
                .extracting(Problem::pointer, Problem::detail)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "/private_key", "another certificate's key (expected: the private key of the certificate)"));
    }

    private static io.tollgate.engine.tls.Certificate shop(CompiledConfiguration configuration) {
        return Objects.requireNonNull(configuration.certificates().get(SHOP));
    }

    private CompiledConfiguration compiled() {
        CompileResult result = compiler.compile(wire, 1, held);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        CompiledConfiguration configuration = ((CompileResult.Compiled) result).configuration();
        held = configuration;
        return configuration;
    }

    private List<Problem> problems() {
        CompileResult result = compiler.compile(wire, 1, held);
        assertThat(result).isInstanceOf(CompileResult.Refused.class);
        return ((CompileResult.Refused) result).problems();
    }

    private static Certificate.Builder certificate(TestAuthority.Issued issued) {
        return Certificate.newBuilder()
                .setId(SHOP)
                .setName("shop")
                .setCertificateChain(issued.chainPem())
                .setPrivateKey(ByteString.copyFrom(issued.key()))
                .setOcspResponse(ByteString.copyFrom(new byte[] {1}))
                .setOcspNextUpdateMillis(6);
    }

    private static TrustRoot root(String pem) {
        return TrustRoot.newBuilder()
                .setId(ROOT)
                .setName("partners")
                .setCertificates(pem)
                .build();
    }

    private void put(ObjectKind kind, String id, Message object) {
        wire.apply(List.of(Change.newBuilder()
                .setKind(kind)
                .setId(id)
                .setObject(object.toByteString())
                .build()));
    }
}
