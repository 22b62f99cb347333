package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.Load;
import io.tollgate.e2e.harness.Upstream;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Upstream processes that die, hang, answer errors, break off, and come back. */
class FailingTargetsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int CALLS = 300;

    private static Cluster cluster;
    private static JsonAdmin admin;
    private static String key;

    private Upstream good;
    private Upstream bad;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("failing-targets", 1);
        admin = new JsonAdmin(cluster.controlPlane());
        cluster.admin().plan("open");
        key = cluster.admin().subscriber("acme", "open");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void startTargets() {
        good = Upstream.start(cluster.directory());
        bad = Upstream.start(cluster.directory());
        good.port();
        bad.port();
    }

    @AfterEach
    void stopTargets() {
        good.close();
        bad.close();
    }

    /** A service of the two targets under the path /NAME. */
    private void pair(String name, String members) {
        admin.put("/v1/services/" + name, """
                {"name": "%s", "targets": [{"host": "127.0.0.1", "port": %d}, {"host": "127.0.0.1", "port": %d}], %s}""".formatted(name, good.port(), bad.port(), members));
        admin.put("/v1/routes/" + name, """
                {"name": "%s", "service": "%s", "paths": [{"type": "prefix", "value": "/%s"}],
                 "rewrite": {"replace_prefix": "/"}}""".formatted(name, name, name));
    }

    private static String upstreams() throws IOException {
        try (Caller caller = new Caller(cluster.node(1).operationsPort())) {
            return caller.get("/upstreams", "").text();
        }
    }

    private boolean badIsEjected() throws IOException {
        return Pattern.compile("\"port\":" + bad.port() + ",[^}]*\"ejected_until\"")
                .matcher(upstreams())
                .find();
    }

    private static void assertNoneFailed(Load load) {
        assertThat(load.failures()).isEmpty();
        assertThat(load.broken()).isZero();
        assertThat(load.refusedConnectionCount()).isZero();
    }

    @Test
    void targetOfErrors_isEjected_getsNoCallMeanwhile_andComesBack() throws Exception {
        pair("erring", """
                "ejection": {"consecutive_failures": 3, "ejection_millis": 5000},
                "retry": {"conditions": ["status"], "statuses": [503]}""");
        try (Load load = Load.startPaced(2, cluster.node(1).proxyPort(), "/erring/pets", key)) {
            load.awaitWhole(50);
            bad.answerAll(503);
            Await.until("it is ejected", SOON, this::badIsEjected);
            // The two calls that may be under way are no calls to an ejected target.
            load.awaitWhole(10);
            long before = bad.calls();
            load.awaitWhole(CALLS);
            assertThat(badIsEjected()).isTrue();
            assertThat(bad.calls()).isEqualTo(before);
            bad.answerAll(200);
            Await.until("it gets calls again", SOON, () -> bad.calls() > before + 10);
            Await.until("it is not ejected", SOON, () -> !badIsEjected());
            load.awaitWhole(50).stop();
            assertNoneFailed(load);
        }
    }

    @Test
    void targetThatDies_andItsSuccessorOnTheSamePort_areNotNoticed() throws Exception {
        pair("dying", """
                "ejection": {"consecutive_failures": 2, "ejection_millis": 1000},
                "retry": {"conditions": ["connect", "reset"]}""");
        try (Load load = Load.startPaced(2, cluster.node(1).proxyPort(), "/dying/pets", key)) {
            load.awaitWhole(100);
            int port = bad.port();
            bad.process().kill();
            load.awaitWhole(CALLS);
            bad = Upstream.start(cluster.directory(), port);
            assertThat(bad.port()).isEqualTo(port);
            Await.until("it gets calls", SOON, () -> bad.calls() > 10);
            load.stop();
            assertNoneFailed(load);
        }
    }

    @Test
    void targetThatHangs_isLeftForAnother_andEjected() throws Exception {
        pair("hanging", """
                "ejection": {"consecutive_failures": 2, "ejection_millis": 60000},
                "retry": {"conditions": ["connect", "reset", "timeout"], "attempt_timeout_millis": 300}""");
        try (Load load = Load.startPaced(2, cluster.node(1).proxyPort(), "/hanging/pets", key)) {
            load.awaitWhole(100);
            bad.process().suspend();
            try {
                Await.until("it is ejected", SOON, this::badIsEjected);
                load.awaitWhole(CALLS).stop();
            } finally {
                bad.process().resume();
            }
            assertNoneFailed(load);
        }
    }

    @Test
    void targetThatHangs_hedgesAnswerInItsPlace() throws Exception {
        pair("hedged", """
                "ejection": {"consecutive_failures": 0}, "response_timeout_millis": 20000,
                "hedge": {"delay_millis": 50},
                "retry": {"conditions": ["connect"], "budget_percent": 100}""");
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            assertThat(caller.get("/hedged/pets", key).status()).isEqualTo(200);
            bad.process().suspend();
            try {
                long startNanos = System.nanoTime();
                for (int i = 0; i < 20; i++) {
                    assertThat(caller.get("/hedged/pets", key).status()).isEqualTo(200);
                }
                // Without hedges one of them alone would have taken the response time-out.
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(20));
            } finally {
                bad.process().resume();
            }
        }
    }

    @Test
    void outage_reachesTheTargetsNoMoreOftenThanTheBudgetSays() throws Exception {
        pair("outage", """
                "ejection": {"consecutive_failures": 0},
                "retry": {"retries": 5, "conditions": ["status"], "statuses": [500], "backoff_millis": 0,
                          "budget_percent": 20, "budget_retries_per_second_min": 0}""");
        good.answerAll(500);
        bad.answerAll(500);
        long before = good.calls() + bad.calls();
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            for (int i = 0; i < CALLS; i++) {
                assertThat(caller.get("/outage/pets", key).status()).isEqualTo(500);
            }
        }
        assertThat(good.calls() + bad.calls() - before).isBetween((long) CALLS, CALLS + CALLS / 5L);
    }

    @Test
    void circuit_opensInAnOutage_sparesTheTargets_andClosesAfterIt() throws Exception {
        pair("spared", """
                "ejection": {"consecutive_failures": 0},
                "circuit_breaker": {"minimum_calls": 10, "open_millis": 1000, "probes": 2}""");
        good.answerAll(500);
        bad.answerAll(500);
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            Await.until(
                    "it is open", SOON, () -> caller.get("/spared/pets", key).status() == 503);
            Caller.Reply refused = caller.get("/spared/pets", key);
            assertThat(refused.text()).contains("circuit-open");
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(upstreams()).contains("\"circuit\":\"open\"");
            good.answerAll(200);
            bad.answerAll(200);
            Await.until(
                    "calls pass", SOON, () -> caller.get("/spared/pets", key).status() == 200);
            Await.until("it is closed", SOON, () -> {
                caller.get("/spared/pets", key);
                return !upstreams().contains("\"circuit\":\"open\"")
                        && !upstreams().contains("half-open");
            });
        }
    }

    @Test
    void answerThatBreaksOff_neverLooksWhole_andTheNextCallIsRight() throws Exception {
        pair("broken", "\"retry\": {\"conditions\": [\"connect\", \"reset\"]}");
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> caller.get("/broken/reset", key)).isInstanceOf(IOException.class);
                assertThat(caller.get("/broken/bytes/100000", key).body()).hasSize(100_000);
            }
        }
    }

    @Test
    void allTargetsGone_is503InTheOpen_untilOneIsBack() throws Exception {
        pair("gone", """
                "health_check": {"type": "http", "path": "/healthz", "interval_millis": 100, "unhealthy_threshold": 1,
                                 "healthy_threshold": 1}""");
        good.answerAll(500);
        bad.answerAll(500);
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            Await.until(
                    "both are out",
                    SOON,
                    () -> caller.get("/gone/pets", key).text().contains("no-healthy-target"));
            assertThat(caller.get("/gone/pets", key).status()).isEqualTo(503);
            good.answerAll(200);
            Await.until("one is back", SOON, () -> caller.get("/gone/pets", key).status() == 200);
        }
    }
}
