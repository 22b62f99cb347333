package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.admin.client.invoker.ApiResponse;
import io.tollgate.admin.client.model.Key;
import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How long a key that was taken back still works: on three nodes that are called all the time and carry open streams. What must hold is
 * that each of them refuses it, and for ever; how long that took is printed ({@code -Dtollgate.revocations=200} for the whole measure).
 */
class RevocationIT {
    private static final int NODES = 3;
    private static final int REVOCATIONS = Integer.getInteger("tollgate.revocations", 20);
    private static final int STREAMS_PER_NODE = 20;
    /** A node that has not refused by then never will. */
    private static final long REFUSED_SECONDS_MAX = 20;

    private static Cluster cluster;
    private static Admin admin;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("revocation", NODES);
        admin = cluster.admin();
        admin.plan("open");
        new JsonAdmin(cluster.controlPlane())
                .put("/v1/services/news", """
                {"name": "news", "targets": [{"host": "127.0.0.1", "port": %d}]}""".formatted(cluster.upstream().port()));
        admin.route("news", "news", "/");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void revocation_underLoad_isEnforcedByEveryNode_andEndsStreams() throws Exception {
        String busy = admin.subscriber("busy", "open");
        admin.subscriber("taken", "open");
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < REVOCATIONS; i++) {
            keys.add(String.valueOf(admin.keys()
                    .issueKey("taken", new Key().name("k" + i), null, i == REVOCATIONS - 1 ? Admin.WAIT : null)
                    .getSecret()));
        }
        List<BufferedReader> streams = new ArrayList<>();
        for (int node = 1; node <= NODES; node++) {
            for (int i = 0; i < STREAMS_PER_NODE; i++) {
                streams.add(events(node, keys.get(0)));
            }
        }
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong served = new AtomicLong();
        for (int node = 1; node <= NODES; node++) {
            int port = cluster.node(node).proxyPort();
            threads.submit(() -> load(port, busy, over, served));
        }
        long[] nanos = new long[REVOCATIONS];
        for (int i = 0; i < REVOCATIONS; i++) {
            nanos[i] = revoke("k" + i, keys.get(i));
        }
        over.set(true);
        for (BufferedReader stream : streams) {
            assertThat(threads.submit(() -> breaksOff(stream)).get(20, TimeUnit.SECONDS))
                    .as("a stream of a key that was taken back ends")
                    .isTrue();
        }
        assertThat(served.get()).isPositive();
        Arrays.sort(nanos);
        System.out.printf(
                "revocations=%d nodes=%d streams=%d calls_beside=%d last_node_refuses_after p50=%.1f ms p99=%.1f ms max=%.1f ms%n",
                REVOCATIONS,
                NODES,
                NODES * STREAMS_PER_NODE,
                served.get(),
                nanos[REVOCATIONS / 2] / 1e6,
                nanos[(int) Math.ceil(REVOCATIONS * 0.99) - 1] / 1e6,
                nanos[REVOCATIONS - 1] / 1e6);
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    /** From the answer to the revocation to the first refusal of the last node; what was refused once stays refused. */
    private long revoke(String name, String key) throws Exception {
        List<Callable<Long>> callers = new ArrayList<>();
        for (int node = 1; node <= NODES; node++) {
            int port = cluster.node(node).proxyPort();
            callers.add(() -> refusedAtNanos(port, key));
        }
        String etag = Admin.header(admin.keys().getKeyWithHttpInfo("taken", name), "ETag");
        List<Future<Long>> refused = new ArrayList<>();
        callers.forEach(caller -> refused.add(threads.submit(caller)));
        ApiResponse<Void> answer = admin.keys().revokeKeyWithHttpInfo("taken", name, etag, null);
        long answeredNanos = System.nanoTime();
        assertThat(answer.getStatusCode()).isEqualTo(204);
        long last = 0;
        for (Future<Long> one : refused) {
            // A node may refuse before the answer has come back here.
            last = Math.max(last, one.get(REFUSED_SECONDS_MAX, TimeUnit.SECONDS) - answeredNanos);
        }
        for (int node = 1; node <= NODES; node++) {
            try (Caller caller = new Caller(cluster.node(node).proxyPort())) {
                assertThat(caller.get("/pets", key).status()).isEqualTo(401);
            }
        }
        return last;
    }

    private static long refusedAtNanos(int port, String key) throws IOException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(REFUSED_SECONDS_MAX);
        try (Caller caller = new Caller(port)) {
            while (System.nanoTime() < deadlineNanos) {
                Caller.Reply reply = caller.get("/pets", key);
                if (reply.status() != 200) {
                    assertThat(reply.text()).contains("problem:key-revoked");
                    return System.nanoTime();
                }
            }
        }
        throw new AssertionError("port " + port + " lets the key through after " + REFUSED_SECONDS_MAX + " s");
    }

    private static void load(int port, String key, AtomicBoolean over, AtomicLong served) {
        try (Caller caller = new Caller(port)) {
            while (!over.get()) {
                assertThat(caller.get("/pets", key).status()).isEqualTo(200);
                served.incrementAndGet();
            }
        } catch (IOException e) {
            throw new AssertionError("a call beside failed", e);
        }
    }

    private BufferedReader events(int node, String key) throws Exception {
        HttpResponse<java.io.InputStream> answer = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + cluster.node(node).proxyPort() + "/events"))
                        .header("X-Api-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static boolean breaksOff(BufferedReader events) {
        try {
            while (events.readLine() != null) {
                // What was on its way.
            }
            return false;
        } catch (IOException broken) {
            return true;
        }
    }
}
