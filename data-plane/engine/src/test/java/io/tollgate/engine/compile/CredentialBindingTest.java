package io.tollgate.engine.compile;

import static io.tollgate.engine.fixture.Wires.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialType;
import io.tollgate.engine.fixture.Wires;
import io.tollgate.engine.password.PasswordCost;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.engine.policy.ClientCertificatePolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.tls.CertificateProof;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.BasicBinding;
import io.tollgate.proto.config.v1.ClientCertificateAuth;
import io.tollgate.proto.config.v1.ClientCertificateBinding;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credentials that are neither keys nor subjects of tokens, from the wire to where they are found. */
class CredentialBindingTest {
    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private @Nullable CompiledConfiguration held;

    @BeforeEach
    void consumers() {
        wire.apply(List.of(Wires.gateway(), Wires.put(Wires.consumer("acme")), Wires.put(Wires.consumer("globex"))));
    }

    private void put(
            String name, String consumer, UnaryOperator<io.tollgate.proto.config.v1.Credential.Builder> bound) {
        wire.apply(List.of(Wires.put(bound.apply(io.tollgate.proto.config.v1.Credential.newBuilder()
                .setId(id(name))
                .setConsumerId(id(consumer))))));
    }

    private void certificate(String name, String consumer, ClientCertificateBinding.Builder by) {
        put(name, consumer, credential -> credential.setClientCertificate(by));
    }

    private static ClientCertificateBinding.Builder certificate() {
        return ClientCertificateBinding.newBuilder();
    }

    private CompiledConfiguration compiled() {
        CompileResult result = compiler.compile(wire, 1, held);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        held = ((CompileResult.Compiled) result).configuration();
        return held;
    }

    private List<String> problems() {
        List<String> pointers = new ArrayList<>();
        if (compiler.compile(wire, 1, held) instanceof CompileResult.Refused refused) {
            refused.problems().forEach(problem -> pointers.add(problem.pointer()));
        }
        return pointers;
    }

    private static void assertFinds(CompiledConfiguration configuration, @Nullable String key, String credential) {
        assertThat(key).isNotNull();
        Credential found = configuration.bindings().find(key);
        assertThat(found).as(key).isNotNull();
        assertThat(found.id()).isEqualTo(id(credential));
        assertThat(found.type()).isEqualTo(CredentialType.CLIENT_CERTIFICATE);
    }

    @Test
    void certificate_isFoundByWhatItIsBoundTo() {
        String digest = "ab".repeat(32);
        certificate("c1", "acme", certificate().setSubject("CN=Partner, O=Acme"));
        certificate("c2", "acme", certificate().setDns("Partner.example.com"));
        certificate("c3", "globex", certificate().setUri("spiffe://example.com/a"));
        certificate("c4", "globex", certificate().setEmail("ops@Example.com"));
        certificate("c5", "globex", certificate().setFingerprintSha256(digest.toUpperCase(java.util.Locale.ROOT)));

        CompiledConfiguration configuration = compiled();

        assertFinds(configuration, CertificateProof.subject("cn=partner,o=acme"), "c1");
        assertFinds(configuration, CertificateProof.dns("partner.example.com"), "c2");
        assertFinds(configuration, CertificateProof.uri("spiffe://example.com/a"), "c3");
        assertFinds(configuration, CertificateProof.email("ops@example.com"), "c4");
        assertFinds(configuration, CertificateProof.fingerprint(digest), "c5");

        wire.apply(List.of(Wires.remove(ObjectKind.OBJECT_KIND_CREDENTIAL, "c1")));
        certificate("c2", "acme", certificate().setDns("other.example.com"));
        CompiledConfiguration later = compiled();
        assertThat(later.bindings().find("certificate-subject cn=partner,o=acme"))
                .isNull();
        assertThat(later.bindings().find(CertificateProof.dns("partner.example.com")))
                .isNull();
        assertFinds(later, CertificateProof.dns("other.example.com"), "c2");
    }

    @Test
    void certificate_bindingsThatCannotBe_areRefusedByTheirMember() {
        certificate("c1", "acme", certificate());
        assertThat(problems()).containsExactly("/client_certificate");
        certificate("c1", "acme", certificate().setSubject("partner"));
        assertThat(problems()).containsExactly("/client_certificate/subject");
        certificate("c1", "acme", certificate().setDns(""));
        assertThat(problems()).containsExactly("/client_certificate/dns");
        certificate("c1", "acme", certificate().setUri("a".repeat(1_025)));
        assertThat(problems()).containsExactly("/client_certificate/uri");
        certificate("c1", "acme", certificate().setFingerprintSha256("ab"));
        assertThat(problems()).containsExactly("/client_certificate/fingerprint_sha256");
    }

    @Test
    void certificate_twice_isRefusedHoweverItIsWritten() {
        certificate("c1", "acme", certificate().setSubject("CN=Partner,O=Acme"));
        compiled();
        certificate("c2", "globex", certificate().setSubject("cn=partner, o=acme"));
        assertThat(problems()).containsExactly("/client_certificate/subject");
    }

    @Test
    void certificatePolicy_switchesTheDefaultForKeysOff() {
        wire.apply(List.of(
                Wires.put(Wires.service("pets")),
                Wires.put(Wires.route("pets", "pets").addPaths(Wires.prefix("/pets"))),
                Wires.put(Wires.policy("certificates")
                        .setClientCertificate(ClientCertificateAuth.newBuilder().setForwardCertificate(true)))));

        CompiledConfiguration configuration = compiled();

        assertThat(configuration.policiesByOrdinal().get(0).find(PolicyType.CLIENT_CERTIFICATE))
                .isEqualTo(new ClientCertificatePolicy(false, true));
        assertThat(configuration.policiesByOrdinal().get(0).keyAuth()).isNull();
        assertThat(configuration.policiesByOrdinal().get(0).anonymousAllowed()).isFalse();
    }

    private static final String BCRYPT = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";
    private static final String ARGON2 =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    private void user(String name, String consumer, String userName, String digest) {
        put(
                name,
                consumer,
                credential -> credential.setBasic(
                        BasicBinding.newBuilder().setUserName(userName).setDigest(digest)));
    }

    @Test
    void basic_isFoundByItsUserNameWithTheDigestOfNow() {
        user("u1", "acme", "batch", BCRYPT);
        user("u2", "globex", "Zu\u0308rich", ARGON2);
        CompiledConfiguration first = compiled();
        String key = CredentialBindings.basic("batch");
        assertThat(first.bindings().verifier(key)).isEqualTo(PasswordHash.parse(BCRYPT));
        assertThat(first.bindings().find(CredentialBindings.basic("Z\u00fcrich")))
                .isNotNull();
        assertThat(first.bindings().verifier(CredentialBindings.basic("nobody")))
                .isNull();
        assertThat(first.bindings().decoys()).hasSize(2);

        user("u1", "acme", "batch", ARGON2);
        assertThat(compiled().bindings().verifier(key)).isEqualTo(PasswordHash.parse(ARGON2));
        user("u1", "acme", "other", ARGON2);
        CompiledConfiguration second = compiled();
        assertThat(second.bindings().verifier(key)).isNull();
        assertThat(second.bindings().verifier(CredentialBindings.basic("other")))
                .isNotNull();
        // One takes the name of another in the same revision.
        user("u1", "acme", "batch", BCRYPT);
        user("u2", "globex", "other", ARGON2);
        CompiledConfiguration third = compiled();
        assertThat(third.bindings().verifier(key)).isEqualTo(PasswordHash.parse(BCRYPT));
        assertThat(third.bindings().verifier(CredentialBindings.basic("other"))).isEqualTo(PasswordHash.parse(ARGON2));
        wire.apply(List.of(Wires.remove(ObjectKind.OBJECT_KIND_CREDENTIAL, "u1")));
        assertThat(compiled().bindings().verifier(key)).isNull();
    }

    private static String bcrypt(int rounds) {
        return BCRYPT.replace("$06$", "$" + (rounds < 10 ? "0" : "") + rounds + "$");
    }

    private static List<PasswordCost> costs(CompiledConfiguration configuration) {
        return configuration.bindings().decoys().stream()
                .map(decoy -> ((PasswordHash) decoy).cost())
                .toList();
    }

    @Test
    void basic_decoysAreOfTheCostsThatThereAre_inOneOrder() {
        assertThat(costs(compiled())).containsExactly(PasswordCost.USUAL);
        PasswordCost small = new PasswordCost.Argon2(256, 2, 1, 32);
        // Whatever the order in which they come.
        for (int rounds : new int[] {11, 4, 12, 6, 10, 5}) {
            user("u" + rounds, "acme", "user-" + rounds, bcrypt(rounds));
            compiled();
        }
        user("a1", "globex", "of-argon2", ARGON2);
        user("u6b", "globex", "user-6b", bcrypt(6));
        List<PasswordCost> all = costs(compiled());
        assertThat(all)
                .containsExactly(
                        small,
                        new PasswordCost.Bcrypt(4),
                        new PasswordCost.Bcrypt(5),
                        new PasswordCost.Bcrypt(6),
                        new PasswordCost.Bcrypt(10),
                        new PasswordCost.Bcrypt(11),
                        new PasswordCost.Bcrypt(12));
        held = null;
        assertThat(costs(compiled())).isEqualTo(all);

        // One that nobody has any more goes; one that another still has stays.
        wire.apply(List.of(
                Wires.remove(ObjectKind.OBJECT_KIND_CREDENTIAL, "u12"),
                Wires.remove(ObjectKind.OBJECT_KIND_CREDENTIAL, "u6")));
        user("u4", "acme", "user-4", bcrypt(5));
        user("a1", "globex", "of-argon2", ARGON2);
        List<PasswordCost> fewer = costs(compiled());
        assertThat(fewer)
                .containsExactly(
                        small,
                        new PasswordCost.Bcrypt(5),
                        new PasswordCost.Bcrypt(6),
                        new PasswordCost.Bcrypt(10),
                        new PasswordCost.Bcrypt(11));
        held = null;
        assertThat(costs(compiled())).isEqualTo(fewer);
    }

    @Test
    void basic_whatCannotBe_isRefusedByItsMemberAndNotTold() {
        user("u1", "acme", "a:b", BCRYPT);
        assertThat(problems()).containsExactly("/basic/user_name");
        user("u1", "acme", "", BCRYPT);
        assertThat(problems()).containsExactly("/basic/user_name");
        user("u1", "acme", "batch", "secret");
        assertThat(problems()).containsExactly("/basic/password_hash");
        assertThat(compiler.compile(wire, 1, held).toString()).doesNotContain("secret");
        user("u1", "acme", "batch", BCRYPT);
        compiled();
        user("u2", "globex", "batch", ARGON2);
        assertThat(problems()).containsExactly("/basic/user_name");
    }
}
