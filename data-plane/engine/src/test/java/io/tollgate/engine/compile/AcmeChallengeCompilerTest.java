package io.tollgate.engine.compile;

import static io.tollgate.engine.fixture.Wires.gateway;
import static io.tollgate.engine.fixture.Wires.id;
import static io.tollgate.engine.fixture.Wires.put;
import static io.tollgate.engine.fixture.Wires.remove;
import static io.tollgate.engine.fixture.Wires.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.AcmeChallenge;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.List;
import java.util.Map;
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
        Map<String, String> answers = compile(gateway(), put(challenge("www", TOKEN, TOKEN + "." + THUMBPRINT)))
                .acmeAnswers();

        assertThat(answers).containsExactly(Map.entry(TOKEN, TOKEN + "." + THUMBPRINT));
        assertThat(compile(put(service("petstore"))).acmeAnswers()).isSameAs(answers);
        assertThat(compile(remove(ObjectKind.OBJECT_KIND_ACME_CHALLENGE, "www")).acmeAnswers())
                .isEmpty();
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
