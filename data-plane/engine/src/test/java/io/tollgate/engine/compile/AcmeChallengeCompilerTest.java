package io.tollgate.engine.compile;

import static io.tollgate.engine.fixture.Wires.gateway;
import static io.tollgate.engine.fixture.Wires.id;
import static io.tollgate.engine.fixture.Wires.put;
import static io.tollgate.engine.fixture.Wires.remove;
import static io.tollgate.engine.fixture.Wires.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.tls.AcmeAnswers;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.AcmeChallenge;
import io.tollgate.proto.config.v1.AcmeChallengeType;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ObjectKind;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AcmeChallengeCompilerTest {
    private static final String TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private static final String THUMBPRINT = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private @Nullable CompiledConfiguration current;

    private static AcmeChallenge challenge(String name, String token, String authorization) {
        return AcmeChallenge.newBuilder()
                .setId(id(name))
                .setName(name)
                .setToken(token)
                .setKeyAuthorization(authorization)
                .build();
    }

    private CompileResult result(Change... changes) {
        wire.apply(List.of(changes));
        return compiler.compile(wire, 1, current);
    }

    private CompiledConfiguration compile(Change... changes) {
        CompiledConfiguration compiled = ((CompileResult.Compiled) result(changes)).configuration();
        current = compiled;
        return compiled;
    }

    private List<String> problems(Change... changes) {
        return ((CompileResult.Refused) result(changes))
                .problems().stream()
                        .map(problem -> problem.name() + problem.pointer() + " " + problem.detail())
                        .toList();
    }

    @Test
    void compile_challenge_isAnsweredUntilItIsRemoved() {
        AcmeAnswers answers = compile(gateway(), put(challenge("www", TOKEN, TOKEN + "." + THUMBPRINT)))
                .acmeAnswers();

        assertThat(answers.keyAuthorizations()).containsExactly(Map.entry(TOKEN, TOKEN + "." + THUMBPRINT));
        assertThat(compile(put(service("petstore"))).acmeAnswers()).isSameAs(answers);
        assertThat(compile(remove(ObjectKind.OBJECT_KIND_ACME_CHALLENGE, "www")).acmeAnswers())
                .isEqualTo(AcmeAnswers.NONE);
    }

    private static AcmeChallenge proof(String name, String domain, TestAuthority.Issued shown) {
        try {
            return AcmeChallenge.newBuilder()
                    .setId(id(name))
                    .setName(name)
                    .setType(AcmeChallengeType.ACME_CHALLENGE_TYPE_TLS_ALPN_01)
                    .setDomain(domain)
                    .setCertificate(ByteString.copyFrom(shown.certificate().getEncoded()))
                    .setPrivateKey(ByteString.copyFrom(shown.key()))
                    .build();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void compile_proof_isFoundByItsDomain() {
        TestAuthority.Issued shown = TestAuthority.root("acme").ecdsaFor("www.example.com");

        AcmeAnswers answers =
                compile(gateway(), put(proof("www", "www.example.com", shown))).acmeAnswers();

        assertThat(answers.keyAuthorizations()).isEmpty();
        assertThat(Objects.requireNonNull(answers.certificates().get("www.example.com"))
                        .chain()
                        .leaf())
                .isEqualTo(shown.certificate());
    }

    @Test
    void compile_proofsThatAreNone_namesEach() {
        TestAuthority.Issued shown = TestAuthority.root("acme").ecdsaFor("www.example.com");
        TestAuthority.Issued other = TestAuthority.root("acme").ecdsaFor("www.example.com");

        assertThat(problems(
                        gateway(),
                        put(proof("bad", "WWW", shown)),
                        put(proof("key", "www.example.com", shown).toBuilder()
                                .setPrivateKey(ByteString.copyFrom(other.key()))
                                .build()),
                        put(proof("none", "none.example.com", shown).toBuilder()
                                .setCertificate(ByteString.EMPTY)
                                .build())))
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem).startsWith("bad/domain WWW"))
                .anySatisfy(problem -> assertThat(problem).startsWith("key/certificate "))
                .anySatisfy(problem -> assertThat(problem).startsWith("none/certificate 0 bytes"));
        wire.apply(List.of(
                remove(ObjectKind.OBJECT_KIND_ACME_CHALLENGE, "bad"),
                remove(ObjectKind.OBJECT_KIND_ACME_CHALLENGE, "key"),
                remove(ObjectKind.OBJECT_KIND_ACME_CHALLENGE, "none")));
        assertThat(problems(put(proof("one", "www.example.com", shown)), put(proof("two", "www.example.com", shown))))
                .containsExactly("two/domain a second www.example.com (expected: each domain once)");
    }

    @Test
    void compile_textsThatAreNone_namesEach() {
        assertThat(problems(gateway(), put(challenge("bad", "to/ken", "other." + THUMBPRINT))))
                .containsExactlyInAnyOrder(
                        "bad/token to/ken (expected: 22 to 128 characters of base64url)",
                        "bad/key_authorization other." + THUMBPRINT
                                + " (expected: the token, a dot and a thumbprint of 43 characters of base64url)");
    }

    @Test
    void compile_oneTokenTwice_isAProblemOfTheLaterName() {
        assertThat(problems(
                        gateway(),
                        put(challenge("one", TOKEN, TOKEN + "." + THUMBPRINT)),
                        put(challenge("two", TOKEN, TOKEN + "." + THUMBPRINT))))
                .containsExactly("two/token a second " + TOKEN + " (expected: each token once)");
    }
}
