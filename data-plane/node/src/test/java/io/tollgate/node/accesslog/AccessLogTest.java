package io.tollgate.node.accesslog;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is logged of real calls. */
class AccessLogTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private static LogSettings settings(String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put("TOLLGATE_ACCESS_LOG_" + keysAndValues[i], keysAndValues[i + 1]);
        }
        return LogSettings.parse("stdout", key -> values.getOrDefault(key, ""));
    }

    private static Catalog pets(RawUpstream upstream) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold")
                .consumer("acme", "gold");
    }

    @Test
    void call_usualSettings_tellsNoHeaderAndNoQuery() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Catalog catalog = pets(upstream);
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, settings());
                    RawClient client = gateway.connect()) {
                client.get("/pets?card=4711", "X-Api-Key: " + key, "User-Agent: curl");

                assertThat(gateway.logged())
                        .contains("\"path\":\"/pets\"", "\"consumer\":\"acme\"", "\"plan\":\"gold\"", "\"status\":200")
                        .doesNotContain("4711", key, "curl", "\"query\"", "\"share\"");
            }
        }
    }

    @Test
    void call_chosenFields_areToldAndSecretsAreNot() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Catalog catalog = pets(upstream);
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(
                            catalog,
                            settings(
                                    "FIELDS",
                                    "query,client,gateway_micros,upstream_total_micros,header.user-agent,"
                                            + "header.X-Consumer-Id",
                                    "QUERY",
                                    "on",
                                    "ADDRESS",
                                    "truncated"));
                    RawClient client = gateway.connect()) {
                client.get(
                        "/pets?card=4711&password=p", "X-Api-Key: " + key, "User-Agent: curl", "X-Consumer-Id: boss");

                assertThat(gateway.logged())
                        .contains("\"query\":\"card=4711&password=***\"", "\"client\":\"127.0.0.0\"")
                        .contains("\"header.user-agent\":\"curl\"", "\"header.x-consumer-id\":\"***\"")
                        .containsPattern("\"gateway_micros\":\\d+,\"upstream_total_micros\":[1-9]")
                        .doesNotContain(key, "\"status\"", "boss");
            }
        }
    }

    @Test
    void call_combined_isOneNcsaLine() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Catalog catalog = pets(upstream);
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, settings("FORMAT", "combined"));
                    RawClient client = gateway.connect()) {
                client.get("/pets?q=1", "X-Api-Key: " + key, "Referer: http://a.example/");

                assertThat(gateway.logged())
                        .matches("127\\.0\\.0\\.1 - acme \\[[^]]+] \"GET /pets HTTP/1\\.1\" 200 2"
                                + " \"http://a\\.example/\" \"-\"\n");
            }
        }
    }

    @Test
    void sample_tellsErrorsAndTheShareOfTheOthers() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Catalog catalog = pets(upstream);
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, settings("SAMPLE", "refused=1,default=0.5"));
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 200; i++) {
                    client.get("/pets", "X-Api-Key: " + key);
                }
                client.get("/nowhere");
                List<String> lines = gateway.logged().lines().toList();

                assertThat(lines.stream().filter(line -> line.contains("route-not-found")))
                        .singleElement()
                        .asString()
                        .doesNotContain("share");
                List<String> sampled =
                        lines.stream().filter(line -> line.contains("\"ok\"")).toList();
                assertThat(sampled).hasSizeBetween(50, 150).allMatch(line -> line.endsWith(",\"share\":0.5}"));
            }
        }
    }

    @Test
    void slowDestination_costsLinesAndNoCall() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        LineSink slow = new HeldSink(open);
        AccessLog log = new AccessLog(settings(), slow, 2);
        try (RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Catalog catalog = pets(upstream);
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, log);
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 10; i++) {
                    assertThat(client.get("/pets", "X-Api-Key: " + key)).startsWith("HTTP/1.1 200 ");
                }
                gateway.onLoop();
            }
        }
        assertThat(log.dropped(DropReason.QUEUE_FULL)).isBetween(7L, 8L);
        open.countDown();
        log.close();
        assertThat(log.written() + log.dropped(DropReason.QUEUE_FULL)).isEqualTo(10);
        assertThat(log.dropped(DropReason.WRITE_FAILED)).isZero();
    }

    @Test
    void failingDestination_isCounted() throws Exception {
        AccessLog log = new AccessLog(settings(), new BrokenSink());
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = Gateway.serving(pets(upstream), log);
                RawClient client = gateway.connect()) {
            client.get("/nowhere");
            client.get("/nowhere");
            gateway.onLoop();
        }
        log.close();

        assertThat(log.dropped(DropReason.WRITE_FAILED)).isEqualTo(2);
        assertThat(log.written()).isZero();
    }

    /** Takes nothing before it is opened. */
    private record HeldSink(CountDownLatch open) implements LineSink {
        @Override
        public void write(byte[] line) throws IOException {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** Loses what it takes when it is flushed. */
    private static final class BrokenSink implements LineSink {
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();

        @Override
        public void write(byte[] line) {
            held.writeBytes(line);
        }

        @Override
        public void flush() throws IOException {
            if (held.size() > 0) {
                String lost = held.toString(StandardCharsets.UTF_8);
                held.reset();
                throw new IOException("lost " + lost);
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
