package io.tollgate.node.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.exchange.UsageEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process counted before kill -9 is what the next start finds: no call lost, none doubled. */
class JournalKillTest {
    private static final int ROUNDS = 8;

    @TempDir
    private Path directory;

    @Test
    void recover_processKilledAtRandomMoments_everyReportedCallOnceAndAtMostTheOneInFlight() throws Exception {
        long seed = new SplittableRandom().nextLong();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Path journal = Files.createDirectory(directory.resolve("round-" + round));
            long callsSeed = random.nextLong();
            long reported = countUntilKilled(journal, callsSeed, 1 + random.nextInt(6_000));
            Map<Calls.Key, Calls.Sum> found = Calls.ledger(Journals.recovered(journal));
            assertThat(found)
                    .as("round %d: %d calls reported", round, reported)
                    .isIn(ledger(callsSeed, reported), ledger(callsSeed, reported + 1));
            assertThat(journal).isDirectoryNotContaining("glob:**.refused");
        }
    }

    private static long countUntilKilled(Path journal, long callsSeed, int callsBeforeKill)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=" + ((callsSeed & 1) * 3 + 1),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CountingProcess.class.getName(),
                        journal.toString(),
                        "1",
                        Long.toString(callsSeed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream reports = process.getInputStream()) {
            long reported = 0;
            while (reported < callsBeforeKill && reports.read() >= 0) {
                reported++;
            }
            process.toHandle().destroyForcibly(); // Unlike the process's own method, leaves the pipe readable.
            while (reports.read() >= 0) {
                reported++;
            }
            return reported;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Map<Calls.Key, Calls.Sum> ledger(long callsSeed, long count) {
        Map<Calls.Key, Calls.Sum> ledger = new HashMap<>();
        Calls calls = new Calls(callsSeed, 12);
        UsageEntry entry = new UsageEntry();
        for (long i = 0; i < count; i++) {
            calls.next(entry);
            Calls.add(ledger, Calls.key(entry), Calls.sum(entry));
        }
        return ledger;
    }
}
