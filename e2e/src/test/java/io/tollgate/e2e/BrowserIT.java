package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.tollgate.e2e.harness.Browser;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.engine.fixture.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A real browser before a real node: TLS, HTTP/2, server-sent events, WebSockets, and the node's stop. Only by the profile {@code browser},
 * since not every machine has one.
 */
@Tag("browser")
class BrowserIT {
    private static final TestAuthority AUTHORITY = TestAuthority.root("public").intermediate("issuing");

    private static final String PAGE = """
            <!doctype html><title>Behind the gate</title>
            <script>
              const within = (millis, promise) => Promise.race(
                  [promise, new Promise((kept, broken) => setTimeout(() => broken('not within ' + millis), millis))]);
              // When each of so many events came.
              const hear = count => within(30000, new Promise(kept => {
                const times = [];
                const source = new EventSource('/events');
                source.onmessage = event => {
                  times.push(performance.now());
                  if (times.length === count) { source.close(); kept(times); }
                };
              }));
              // What a WebSocket says back to each of these.
              const echo = texts => within(30000, new Promise((kept, broken) => {
                const heard = [];
                const socket = new WebSocket('wss://' + location.host + '/ws');
                socket.onopen = () => texts.forEach(text => socket.send(text));
                socket.onerror = () => broken('no WebSocket');
                socket.onmessage = event => {
                  heard.push(event.data);
                  if (heard.length === texts.length) { socket.close(1000); kept(heard); }
                };
              }));
              // Streams that live through the node's stop.
              const lives = {events: 0, opened: 0, codes: [], echoes: 0};
              const live = () => {
                const source = new EventSource('/events');
                source.onopen = () => lives.opened++;
                source.onmessage = () => lives.events++;
                const dial = () => {
                  const socket = new WebSocket('wss://' + location.host + '/ws');
                  socket.onopen = () => socket.send('here');
                  socket.onmessage = () => lives.echoes++;
                  socket.onclose = event => { lives.codes.push(event.code); setTimeout(dial, 300); };
                };
                dial();
              };
              const until = holds => within(50000, new Promise(kept => {
                const timer = setInterval(() => { if (holds()) { clearInterval(timer); kept(lives); } }, 20);
              }));
            </script>
            """;

    private static HttpServer pages;
    private static Cluster cluster;
    private static Browser browser;
    private static String origin;

    @BeforeAll
    static void start() throws Exception {
        pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
        pages.createContext("/page", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        pages.start();
        cluster = Cluster.start("browser", 0);
        cluster.addNode("node-1", Map.of("TOLLGATE_DRAIN_SECONDS", "2"));
        JsonAdmin admin = new JsonAdmin(cluster.controlPlane());
        admin.put("/v1/policies/open", """
                {"name": "open", "type": "key-auth", "key_auth": {"anonymous_allowed": true}}""");
        cluster.admin().service("pages", pages.getAddress().getPort());
        cluster.admin().service("sample", cluster.upstream().port());
        cluster.admin().route("page", "pages", "/page");
        cluster.admin().route("events", "sample", "/events");
        cluster.admin().route("ws", "sample", "/ws");
        TestAuthority.Issued shown = AUTHORITY.ecdsaFor("localhost");
        admin.put(
                "/v1/certificates/local",
                "{\"name\": \"local\", \"certificate_chain\": \"" + json(shown.chainPem()) + "\", \"private_key\": \""
                        + json(shown.keyPem()) + "\"}");
        int port = freePort();
        admin.put(
                "/v1/listeners/secure",
                "{\"name\": \"secure\", \"address\": \"127.0.0.1\", \"port\": " + port
                        + ", \"tls\": {\"certificates\": [\"local\"]}}");
        origin = "https://localhost:" + port;
        browser = Browser.start(cluster.directory().resolve("browser"), AUTHORITY.certificate());
        browser.open(origin + "/page");
    }

    private static String json(String pem) {
        return pem.replace("\r", "").replace("\n", "\\n");
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        cluster.close();
        pages.stop(0);
    }

    @Test
    void page_overHttps_comesOverHttp2() {
        assertThat(browser.evaluate("document.title").asText()).isEqualTo("Behind the gate");
        assertThat(browser.evaluate("isSecureContext").asBoolean()).isTrue();
        assertThat(browser.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
                        .asText())
                .isEqualTo("h2");
    }

    @Test
    void events_reachThePageAsTheyAreSent() {
        JsonNode times = browser.evaluate("hear(8)");

        // One each 100 ms: had anything kept them, they would have come together, or not at all from a stream without
        // an end.
        assertThat(times).hasSize(8);
        assertThat(times.get(7).asDouble() - times.get(0).asDouble()).isGreaterThan(400);
    }

    @Test
    void webSocket_overTls_echoes() {
        assertThat(browser.evaluate("echo(['one', 'two'.repeat(1000)])").toString())
                .isEqualTo("[\"one\",\"" + "two".repeat(1_000) + "\"]");
    }

    @Test
    void node_stopsAndStartsAgain_bothStreamsGoOn() {
        browser.evaluate("live()");
        JsonNode before = browser.evaluate("until(() => lives.events > 3 && lives.echoes === 1)");
        assertThat(before.path("opened").asInt()).isEqualTo(1);

        assertThat(cluster.node(1).process().terminate()).isZero();
        cluster.node(1).startAgain();
        cluster.node(1).process().awaitReady();

        int events = before.path("events").asInt();
        JsonNode after = browser.evaluate(
                "until(() => lives.opened > 1 && lives.events > " + (events + 30) + " && lives.echoes > 1)");
        assertThat(after.path("codes").get(0).asInt())
                .as("the node says that it goes away (RFC 6455, 7.4.1)")
                .isEqualTo(1001);
        browser.open(origin + "/page");
        assertThat(browser.evaluate("document.title").asText()).isEqualTo("Behind the gate");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
