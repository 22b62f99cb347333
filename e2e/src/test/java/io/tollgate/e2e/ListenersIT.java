package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.admin.client.invoker.ApiException;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.Load;
import io.tollgate.e2e.harness.NodeProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Listeners through the admin API, on real nodes, under load. */
class ListenersIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static Cluster cluster;
    private static JsonAdmin admin;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("listeners", 1);
        admin = new JsonAdmin(cluster.controlPlane());
        cluster.admin().service("petstore", cluster.upstream().port());
        cluster.admin().route("pets", "petstore", "/pets");
        cluster.admin().plan("gold");
        key = cluster.admin().subscriber("acme", "gold");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void listener_changedUnderLoad_failsNoCallAndIsLiveWhenTheWriteReturns() throws Exception {
        int port = freePort();
        edge("edge", port, "");
        try (Load load = Load.startPaced(4, port, "/pets/1", key)) {
            load.awaitWhole(100);
            for (int change = 0; change < 20; change++) {
                // Another kind of socket, then other rules for the same one.
                edge("edge", port, change % 2 == 0 ? ", \"protocols\": [\"http1\"]" : "");
                edge("edge", port, ", \"trusted_proxies\": [\"10.0." + change + ".0/24\"]");
                try (Caller fresh = new Caller(port)) {
                    assertThat(fresh.get("/pets/1", key).status()).isEqualTo(200);
                }
            }
            load.awaitWhole(100).stop();
            assertThat(load.failures()).isEmpty();
            assertThat(load.refusedConnectionCount()).isZero();
        }
    }

    @Test
    void listener_removedUnderLoad_breaksNoCallAndRefusesNewOnes() throws Exception {
        int port = freePort();
        edge("passing", port, "");
        try (Load load = Load.startPaced(4, port, "/pets/1", key)) {
            load.awaitWhole(100);
            assertThat(admin.delete("/v1/listeners/passing").statusCode()).isEqualTo(204);
            assertThat(isRefused(port)).isTrue();
            Await.until("its callers have left", SOON, () -> load.refusedConnectionCount() >= 4);
            load.stop();
            assertThat(load.broken()).as("%s", load.failures()).isZero();
        }
    }

    @Test
    void listener_placeThatANodeCannotHave_isShownAndTakenLater() throws Exception {
        int port = freePort();
        edge("shared", port, "");
        try (NodeProcess second = cluster.addNode("node-2", Map.of())) {
            // Two nodes of one machine: the one that comes second finds the place taken.
            Await.until(
                    "node-2 says so", SOON, () -> standing("node-2", "shared").contains("in use"));
            assertThat(standing("node-1", "shared")).isEqualTo("listening");

            cluster.node(1).process().terminate();

            Await.until(
                    "node-2 takes it", SOON, () -> standing("node-2", "shared").equals("listening"));
            try (Caller caller = new Caller(port)) {
                assertThat(caller.get("/pets/1", key).status()).isEqualTo(200);
            }
            assertThat(second.process().isAlive()).isTrue();
        } finally {
            cluster.node(1).startAgain();
            cluster.node(1).awaitReady();
        }
    }

    private static void edge(String name, int port, String more) {
        admin.put(
                "/v1/listeners/" + name,
                "{\"name\": \"" + name + "\", \"address\": \"127.0.0.1\", \"port\": " + port + more + "}");
    }

    /** "listening", or why not. */
    private static String standing(String node, String listener) {
        try {
            var listeners = cluster.admin().node(node).getListeners();
            if (listeners == null) {
                return "";
            }
            return listeners.stream()
                    .filter(one -> one.getListener().equals(listener))
                    .map(one -> Boolean.TRUE.equals(one.getListening()) ? "listening" : String.valueOf(one.getDetail()))
                    .findFirst()
                    .orElse("");
        } catch (ApiException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isRefused(int port) throws IOException {
        try (Socket probe = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            return !probe.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
