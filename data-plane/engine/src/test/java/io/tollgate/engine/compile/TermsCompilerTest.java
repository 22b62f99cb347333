package io.tollgate.engine.compile;

import static io.tollgate.engine.fixture.Wires.consumer;
import static io.tollgate.engine.fixture.Wires.credential;
import static io.tollgate.engine.fixture.Wires.gateway;
import static io.tollgate.engine.fixture.Wires.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.consumer.Terms;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.KeyEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TermsCompilerTest {
    private static final byte[] V4 = {10, 1, 2, 3};

    private final WireConfiguration wire = new WireConfiguration();

    private CompileResult result(Credential.Builder... credentials) {
        List<Change> changes = new ArrayList<>(List.of(gateway(), put(consumer("acme"))));
        for (Credential.Builder credential : credentials) {
            changes.add(put(credential));
        }
        wire.apply(changes);
        return new ConfigurationCompiler(new CounterTable(), new TargetTable()).compile(wire, 1, null);
    }

    private Terms terms(CompiledConfiguration configuration, Credential.Builder credential) {
        var found = configuration.credentials().find(credential.getDigest().toByteArray());
        assertThat(found).isNotNull();
        return found.terms();
    }

    @Test
    void compile_terms_sharesEqualOnes() {
        Credential.Builder plain = credential("plain", "acme");
        Credential.Builder test = credential("test", "acme").setEnvironment(KeyEnvironment.KEY_ENVIRONMENT_TEST);
        Credential.Builder one =
                credential("one", "acme").addScopes("write").addScopes("read").addNetworks("10.0.0.0/8");
        Credential.Builder two =
                credential("two", "acme").addScopes("read").addScopes("write").addNetworks("10.0.0.0/8");
        CompiledConfiguration compiled = ((CompileResult.Compiled) result(plain, test, one, two)).configuration();

        assertThat(terms(compiled, plain)).isSameAs(Terms.LIVE);
        assertThat(terms(compiled, test)).isSameAs(Terms.TEST);
        assertThat(terms(compiled, one)).isSameAs(terms(compiled, two));
        assertThat(terms(compiled, one).scopes().list()).containsExactly("read", "write");
        assertThat(terms(compiled, one).environment()).isEqualTo(ApiKey.Environment.LIVE);
        assertThat(terms(compiled, one).takesFrom(V4)).isTrue();
        assertThat(terms(compiled, one).takesFrom(new byte[] {11, 1, 2, 3})).isFalse();
        assertThat(terms(compiled, one).takesFrom(new byte[16])).isFalse();
        assertThat(terms(compiled, one).takesFrom(new byte[0])).as("not known").isFalse();
        assertThat(terms(compiled, plain).takesFrom(V4)).isTrue();
    }

    @Test
    void compile_badTerms_namesEach() {
        Credential.Builder bad = credential("bad", "acme")
                .addScopes("read")
                .addScopes("two words")
                .addNetworks("10.0.0.1/8")
                .addNetworks("everywhere")
                .setEnvironmentValue(9);
        List<String> problems = ((CompileResult.Refused) result(bad))
                .problems().stream().map(Problem::pointer).toList();

        assertThat(problems).containsExactlyInAnyOrder("/scopes/1", "/networks/0", "/networks/1", "/environment");
    }

    @Test
    void compile_tooManyTerms_areRefused() {
        Credential.Builder bad = credential("bad", "acme");
        IntStream.range(0, 65).forEach(i -> bad.addScopes("s" + i));
        IntStream.range(0, 33).forEach(i -> bad.addNetworks("10.0." + i + ".0/24"));
        List<String> problems = ((CompileResult.Refused) result(bad))
                .problems().stream().map(Problem::detail).toList();

        assertThat(problems)
                .containsExactlyInAnyOrder("65 scopes (expected: at most 64)", "33 networks (expected: at most 32)");
    }
}
