package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.DrippingClients;
import io.tollgate.e2e.harness.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Clients that send the head of a request byte by byte, two thousand of them against a real node; as many as {@code -Dclients=10000} says
 * otherwise (docs/performance.md). They have descriptors of their own, since the node is another process.
 */
class SlowClientsIT {
    private static final int CLIENTS = Integer.getInteger("clients", 2_000);
    /** Bound of a head, two looks at all connections, and as much again for those that had to wait for a place. */
    private static final Duration ENDED_MAX = Duration.ofSeconds(60);
    /** A busy machine of two cores may keep any process waiting for so long; a node that stalls takes the rest of the run. */
    private static final long CALL_MILLIS_MAX = 3_000;
    /** What a client may cost the node, its sockets' and heads' buffers included, and what the JVM may take beside it. */
    private static final long BYTES_EACH_MAX = 16_384;

    private static final long BYTES_BESIDE_MAX = 96L << 20;
    private static final Pattern ENDED =
            Pattern.compile("tollgate_client_connections_ended_total\\{reason=\"header-timeout\"} ([0-9.E]+)");

    @Test
    void clientsThatDrip_areEndedAndNobodyElseNoticesThem() throws Exception {
        try (Cluster cluster = Cluster.start("slow-clients", 1)) {
            Admin admin = cluster.admin();
            admin.service("sample", cluster.upstream().port());
            admin.plan("open");
            admin.route("all", "sample", "/");
            String key = admin.subscriber("acme", "open");
            NodeProcess node = cluster.node(1);
            List<Long> calls = new ArrayList<>();
            List<Long> lives = new ArrayList<>();
            try (Caller caller = new Caller(node.proxyPort());
                    Caller operations = new Caller(node.operationsPort());
                    DrippingClients slow = new DrippingClients(node.proxyPort())) {
                for (int i = 0; i < 200; i++) {
                    ask(caller, "/pets/1", key);
                    ask(operations, "/live", "");
                }
                long before = node.process().residentBytes();
                slow.connect(CLIENTS);
                long startNanos = System.nanoTime();
                long most = before;
                while (slow.open() > 0 && System.nanoTime() - startNanos < ENDED_MAX.toNanos()) {
                    slow.drip();
                    calls.add(ask(caller, "/pets/1", key));
                    lives.add(ask(operations, "/live", ""));
                    most = Math.max(most, node.process().residentBytes());
                }

                System.out.printf(
                        "%d clients: all ended after %d ms; %s; /live: %s; resident before %d MiB, at most %d MiB%n",
                        CLIENTS,
                        (System.nanoTime() - startNanos) / 1_000_000,
                        words("calls", calls),
                        words("asked", lives),
                        before >> 20,
                        most >> 20);
                assertThat(slow.open()).as("left open").isZero();
                assertThat(slow.answers()).containsOnlyKeys("HTTP/1.1 408").containsEntry("HTTP/1.1 408", CLIENTS);
                assertThat(calls).as("meanwhile").hasSizeGreaterThan(10);
                assertThat(Collections.max(calls)).isLessThan(CALL_MILLIS_MAX * 1_000);
                assertThat(Collections.max(lives)).isLessThan(CALL_MILLIS_MAX * 1_000);
                assertThat(most - before).isLessThan(CLIENTS * BYTES_EACH_MAX + BYTES_BESIDE_MAX);
                assertThat(ended(operations)).isEqualTo(CLIENTS);
            }
        }
    }

    /** Asks once; microseconds that it took. */
    private static long ask(Caller caller, String path, String key) throws IOException {
        long startNanos = System.nanoTime();
        assertThat(caller.get(path, key).status()).isEqualTo(200);
        return (System.nanoTime() - startNanos) / 1_000;
    }

    private static String words(String what, List<Long> micros) {
        List<Long> sorted = micros.stream().sorted().toList();
        return String.format(
                "%s %d times, p50 %d us, p99 %d us, max %d us",
                what,
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.get(sorted.size() - 1));
    }

    private static int ended(Caller operations) throws IOException {
        Matcher told = ENDED.matcher(operations.get("/metrics", "").text());
        return told.find() ? (int) Double.parseDouble(told.group(1)) : 0;
    }
}
