package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.admin.client.invoker.ApiException;
import io.tollgate.admin.client.model.ApiConsumer;
import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.ExternalPostgres;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.Load;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Traffic goes on and nothing is forgotten while the control plane or its PostgreSQL (one that an operator runs) is away. */
class ResilienceIT {
    private static final Duration HEALED_TIME_MAX = Duration.ofSeconds(30);

    private static ExternalPostgres postgres;
    private static Cluster cluster;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        postgres = ExternalPostgres.start(Jars.emptyDirectory("resilience-postgresql"));
        cluster = Cluster.start("resilience", 1, Map.of("TOLLGATE_DATABASE_URL", postgres.url()));
        admin = cluster.admin();
        admin.service("sample", cluster.upstream().port());
        admin.route("pets", "sample", "/pets");
        admin.plan("open");
    }

    @AfterAll
    static void stop() {
        cluster.close();
        postgres.close();
    }

    @Test
    void controlPlaneKilledAndBack_trafficFlows_noCallFails() throws Exception {
        String key = admin.subscriber("flowing", "open");
        try (Load load = Load.startPaced(3, cluster.node(1).proxyPort(), "/pets/1", key)) {
            load.awaitWhole(500);
            cluster.controlPlane().process().kill();
            load.awaitWhole(2_000);
            cluster.controlPlane().startAgain();
            cluster.controlPlane().awaitReady();
            Await.until(
                    "the node is back",
                    HEALED_TIME_MAX,
                    () -> Boolean.TRUE.equals(admin.node("node-1").getLive()));
            admin.route("after-the-kill", "sample", "/status");
            assertEnforced("/status/200", key);
            load.awaitWhole(500).stop();

            assertThat(load.failures()).isEmpty();
            assertThat(load.broken() + load.refusedConnectionCount()).isZero();
            // One more call than the load made.
            assertBilled("flowing", load.whole(200) + 1);
        }
    }

    @Test
    void nodeRestarted_controlPlaneDown_servesWhatItHeld() throws Exception {
        String key = admin.subscriber("alone", "open");
        cluster.controlPlane().process().kill();
        try {
            cluster.node(1).process().terminate();
            cluster.node(1).startAgain();
            cluster.node(1).awaitReady();
            assertEnforced("/pets/1", key);

            cluster.node(1).process().kill();
            cluster.node(1).startAgain();
            cluster.node(1).awaitReady();
            assertEnforced("/pets/1", key);
            try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
                assertThat(caller.get("/pets/1", "").status()).isEqualTo(401);
            }
        } finally {
            cluster.controlPlane().startAgain();
            cluster.controlPlane().awaitReady();
        }
        assertBilled("alone", 2);
    }

    @Test
    void postgresRestarted_trafficFlows_writesHeal() throws Exception {
        String key = admin.subscriber("patient", "open");
        try (Load load = Load.startPaced(3, cluster.node(1).proxyPort(), "/pets/1", key)) {
            load.awaitWhole(500);
            postgres.stop();
            try {
                assertThatThrownBy(() -> admin.consumers().createConsumer(new ApiConsumer().name("never"), null, null))
                        .isInstanceOfSatisfying(
                                ApiException.class,
                                refused -> assertThat(refused.getCode())
                                        .as(refused.getResponseBody())
                                        .isEqualTo(503));
                load.awaitWhole(1_000);
            } finally {
                postgres.startAgain();
            }
            Await.untilAsserted(
                    HEALED_TIME_MAX,
                    () -> admin.consumers().putConsumer("healed", new ApiConsumer().name("healed"), null, null));
            admin.route("after-the-restart", "sample", "/bytes");
            assertEnforced("/bytes/1", key);
            load.awaitWhole(200).stop();

            assertThat(load.failures()).isEmpty();
            assertThat(load.broken() + load.refusedConnectionCount()).isZero();
            assertBilled("patient", load.whole(200) + 1);
        }
    }

    private static void assertEnforced(String path, String key) throws Exception {
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            assertThat(caller.get(path, key).status()).isEqualTo(200);
        }
    }

    private static void assertBilled(String consumer, long calls) {
        Await.untilAsserted(
                HEALED_TIME_MAX, () -> assertThat(admin.usageOf(consumer)).isEqualTo(Map.of("success", calls)));
    }
}
