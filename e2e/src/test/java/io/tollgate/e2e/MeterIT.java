package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.Load;
import io.tollgate.e2e.harness.NodeProcess;
import io.tollgate.e2e.harness.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was billed is what was answered, whatever dies in between. */
class MeterIT {
    private static final Duration LEDGER_TIME_MAX = Duration.ofSeconds(20);
    private static final int CALLERS = 4;
    private static final int KILLS = 3;

    private static Cluster cluster;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("meter", 0);
        admin = cluster.admin();
        admin.service("sample", cluster.upstream().port());
        admin.route("pets", "sample", "/pets");
        admin.plan("open");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void nodeKilledUnderLoad_andStartedAgain_billedIsAnswered() throws Exception {
        long seed = System.nanoTime();
        System.out.println("nodeKilledUnderLoad_andStartedAgain_billedIsAnswered: seed " + seed);
        Random random = new Random(seed);
        NodeProcess node = cluster.addNode("killed", Map.of());
        String key = admin.subscriber("killed", "open");
        try (Load load = Load.start(CALLERS, node.proxyPort(), "/pets/1", key)) {
            for (int i = 0; i < KILLS; i++) {
                load.awaitWhole(200 + random.nextInt(3_000));
                node.process().kill();
                node.startAgain();
                node.awaitReady();
            }
            load.awaitWhole(200);
            load.stop();
            assertThat(node.process().terminate()).as(node.process().errors()).isZero();

            long answered = load.whole(200);
            System.out.println("answered " + answered + ", broken off " + load.broken() + ", " + load.failures());
            assertThat(load.whole()).as("nothing but 200: %s", load.failures()).isEqualTo(answered);
            // Of the calls that broke, a kill can have caught one per caller after its count was written; those that
            // were
            // sent to a process already dying (the kernel takes their connections a little longer) are never counted.
            long most = answered + Math.min(load.broken(), (long) KILLS * CALLERS);
            Await.untilAsserted(LEDGER_TIME_MAX, () -> {
                Map<String, Long> billed = admin.usageOf("killed");
                assertThat(billed.getOrDefault("success", 0L)).isBetween(answered, most);
            });
            long billed = admin.usageOf("killed").getOrDefault("success", 0L);
            System.out.println("billed " + billed);
            assertThat(billed).isBetween(answered, most);
        }
    }

    @Test
    void sameBatches_sentTwice_countOnce() throws Exception {
        NodeProcess node = cluster.addNode("replayed", Map.of());
        String key = admin.subscriber("replayed", "open");
        Path journal = node.home().resolve("journal");
        Path aside = cluster.directory().resolve("replayed-journal");
        cluster.controlPlane().process().kill();
        int calls = 500;
        try (Caller caller = new Caller(node.proxyPort())) {
            for (int i = 0; i < calls; i++) {
                assertThat(caller.get("/pets", key).status()).isEqualTo(200);
            }
        }
        node.process().kill();
        Trees.copy(journal, aside);
        cluster.controlPlane().startAgain();
        cluster.controlPlane().awaitReady();
        node.startAgain();
        node.awaitReady();
        Await.untilAsserted(
                LEDGER_TIME_MAX,
                () -> assertThat(admin.usageOf("replayed")).isEqualTo(Map.of("success", (long) calls)));
        assertThat(node.process().terminate()).isZero();

        List<Path> saved = Trees.files(aside).stream()
                .filter(file -> file.toString().endsWith(".segment"))
                .map(aside::relativize)
                .toList();
        assertThat(saved).isNotEmpty();
        for (Path file : saved) {
            Files.copy(aside.resolve(file.toString()), journal.resolve(file.toString()));
        }
        node.startAgain();
        node.awaitReady();
        Await.until(
                "the old segments are sent again and gone",
                LEDGER_TIME_MAX,
                () -> saved.stream().noneMatch(file -> Files.exists(journal.resolve(file.toString()))));
        assertThat(node.process().terminate()).isZero();

        assertThat(Trees.files(journal))
                .as("none set aside")
                .noneMatch(file -> file.toString().endsWith(".refused"));
        assertThat(admin.usageOf("replayed")).isEqualTo(Map.of("success", (long) calls));
    }

    @Test
    void nodeTerminatedUnderLoad_noCallFails_allIsSent() throws Exception {
        NodeProcess node = cluster.addNode("drained", Map.of("TOLLGATE_DRAIN_SECONDS", "10"));
        String key = admin.subscriber("drained", "open");
        try (Load load = Load.start(CALLERS, node.proxyPort(), "/pets/1", key)) {
            load.awaitWhole(1_000);
            int status = node.process().terminate();
            load.stop();

            assertThat(status).as(node.process().errors()).isZero();
            assertThat(load.failures()).isEmpty();
            assertThat(load.broken()).isZero();
            assertThat(admin.usageOf("drained")).isEqualTo(Map.of("success", load.whole(200)));
        }
    }

    @Test
    void nodeTerminated_longCallInFlight_isFinished() throws Exception {
        NodeProcess node = cluster.addNode("patient", Map.of("TOLLGATE_DRAIN_SECONDS", "10"));
        admin.route("delay", "sample", "/delay");
        String key = admin.subscriber("patient", "open");
        try (Load load = Load.start(1, node.proxyPort(), "/delay/2000", key);
                Caller probe = new Caller(node.operationsPort())) {
            Await.until(
                    "the call is in flight",
                    Duration.ofSeconds(10),
                    () -> probe.get("/metrics", "").text().lines().anyMatch(MeterIT::saysOneInFlight));
            int status = node.process().terminate();
            load.stop();

            assertThat(status).as(node.process().errors()).isZero();
            assertThat(load.whole(200)).isEqualTo(1);
            assertThat(load.broken()).isZero();
            assertThat(admin.usageOf("patient")).isEqualTo(Map.of("success", 1L));
        }
    }

    private static boolean saysOneInFlight(String line) {
        return line.startsWith("tollgate_") && line.contains("in_flight") && line.endsWith(" 1.0");
    }
}
