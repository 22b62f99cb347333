package io.tollgate.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.engine.compile.Problem;
import io.tollgate.engine.fixture.Corpus;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus on the mirror that judges every write: the same verdicts as the engine's own test expects. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class CorpusMirrorTest {
    @Inject
    @DataSource("stream")
    AgroalDataSource database;

    @Inject
    ChangeLog changeLog;

    @Inject
    Clock clock;

    @Inject
    CatalogRows rows;

    static Stream<String> files() {
        return Corpus.cases().stream().map(Corpus.Case::file);
    }

    @ParameterizedTest
    @MethodSource("files")
    void judge_corpus_isJudgedAsItsFileSays(String file) {
        Corpus.Case one = find(file);
        // Nothing is held yet, so the changes of the file are the whole configuration.
        ConfigurationMirror mirror = new ConfigurationMirror(database, changeLog, clock, rows);
        assertThat(lines(mirror.judge(1, one.changes()))).containsExactlyInAnyOrderElementsOf(one.problems());
        // The trial was taken back: the next one is judged as if there had been none.
        assertThat(lines(mirror.judge(1, find("valid/house.txtpb").changes()))).isEmpty();
        assertThat(lines(mirror.judge(1, one.changes()))).containsExactlyInAnyOrderElementsOf(one.problems());
        assertThat(mirror.head()).isEqualTo(Head.NOTHING);
    }

    private static Corpus.Case find(String file) {
        return Corpus.cases().stream()
                .filter(one -> one.file().equals(file))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(List<Problem> problems) {
        return problems.stream()
                .map(problem -> ProtoKinds.word(problem.kind()) + " " + problem.id() + " "
                        + (problem.pointer().isEmpty() ? "-" : problem.pointer()) + " " + problem.detail())
                .toList();
    }
}
