package io.tollgate.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Corpus;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CorpusTest {
    static List<Corpus.Case> cases() {
        return Corpus.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void compile_corpus_isJudgedAsItsFileSays(Corpus.Case one) {
        WireConfiguration wire = new WireConfiguration();
        wire.apply(one.changes());
        CompileResult result = new ConfigurationCompiler(new CounterTable(), new TargetTable()).compile(wire, 1, null);
        List<String> problems = result instanceof CompileResult.Refused refused
                ? refused.problems().stream().map(CorpusTest::line).toList()
                : List.of();
        assertThat(problems).containsExactlyInAnyOrderElementsOf(one.problems());
        assertThat(one.problems().isEmpty()).isEqualTo(one.file().startsWith("valid/"));
    }

    @Test
    void index_listsEveryFile() throws IOException, URISyntaxException {
        Path root = Path.of(Objects.requireNonNull(CorpusTest.class.getResource("/corpus/index.txt"))
                        .toURI())
                .resolveSibling("");
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(file -> file.toString().endsWith(".txtpb"))
                            .map(file -> root.relativize(file).toString())
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(
                            cases().stream().map(Corpus.Case::file).toList());
        }
    }

    private static String line(Problem problem) {
        String kind = problem.kind().name().substring("OBJECT_KIND_".length()).toLowerCase(Locale.ROOT);
        return kind + " " + problem.id() + " " + (problem.pointer().isEmpty() ? "-" : problem.pointer()) + " "
                + problem.detail();
    }
}
