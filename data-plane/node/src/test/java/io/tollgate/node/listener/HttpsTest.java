package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.FixedAnswer;
import io.tollgate.proto.config.v1.Hsts;
import io.tollgate.proto.config.v1.HttpsRedirect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that keep callers to https. What came over https is here what a proxy says that is believed. */
class HttpsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String SECURE = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https";

    private final int port = freePort();

    private Catalog behindProxy(Catalog catalog) {
        return catalog.listener("edge", port, edge -> edge.addTrustedProxies("127.0.0.1"));
    }

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/", "pets");
    }

    private static Catalog redirecting(Catalog catalog, int status, int port) {
        return catalog.policy(
                "https",
                policy -> policy.setHttpsRedirect(
                        HttpsRedirect.newBuilder().setStatus(status).setPort(port)));
    }

    private static Catalog strict(Catalog catalog, Hsts.Builder hsts) {
        return catalog.policy("strict", policy -> policy.setHsts(hsts));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void redirect_inTheClear_isSentToTheSamePlaceBeforeAKeyIsAskedFor(int status) {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        redirecting(catalog().service("pets", upstream.port()).route("pets", "/", "pets"), status, 0));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/a%20b/c?x=1&y=%41"))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .containsIgnoringCase("Location: https://api.example.com/a%20b/c?x=1&y=%41\r\n")
                    .contains("urn:tollgate:problem:https-required");
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.counters().count(Outcome.HTTPS_REQUIRED)).isEqualTo(1);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.REFUSED);
        }
    }

    @Test
    void redirect_portOfItsOwn_isInThePlace() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(redirecting(open(upstream), 308, 8443));
                RawClient client = gateway.connect()) {
            client.send("POST /pets HTTP/1.1\r\nHost: Api.Example.com:8080\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 308 ")
                    .containsIgnoringCase("Location: https://api.example.com:8443/pets\r\n");
            // The connection stays in step.
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 308 ");
        }
    }

    @Test
    void redirect_overHttps_isTaken() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(behindProxy(redirecting(open(upstream), 308, 0)));
                RawClient client = edge(gateway)) {
            assertThat(client.get("/pets", SECURE)).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(client.get("/pets", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: http"))
                    .startsWith("HTTP/1.1 308 ");
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 308 ");
        }
    }

    @Test
    void redirect_schemeFromSomebodyElse_isNotBelieved() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(redirecting(open(upstream), 308, 0));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", SECURE)).startsWith("HTTP/1.1 308 ");
        }
    }

    @Test
    void redirect_withoutHost_is400() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(redirecting(open(upstream), 308, 0));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.0\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.0 400 ").contains("unfit-value");
        }
    }

    @Test
    void redirect_ofARoute_isForThatRoute() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream)
                        .route("safe", "/safe", "pets")
                        .policy(
                                "https",
                                policy -> policy.setAttachment(Attachment.newBuilder()
                                                .setKind(AttachmentKind.ATTACHMENT_KIND_ROUTE)
                                                .setObjectId(id("route", "safe")))
                                        .setHttpsRedirect(
                                                HttpsRedirect.newBuilder().setStatus(308))));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/safe")).startsWith("HTTP/1.1 308 ");
        }
    }

    @Test
    void redirect_takesNothingFromLimits() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = redirecting(
                            catalog().service("pets", upstream.port()).route("pets", "/", "pets"), 308, 0)
                    .plan("gold", perMinute(1))
                    .consumer("acme", "gold");
            String key = "X-Api-Key: " + catalog.key("acme");
            try (Gateway gateway = Gateway.serving(behindProxy(catalog));
                    RawClient client = edge(gateway)) {
                assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 308 ");
                assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 308 ");
                assertThat(client.get("/pets", key, SECURE)).startsWith("HTTP/1.1 200 ");
                assertThat(client.get("/pets", key, SECURE)).startsWith("HTTP/1.1 429 ");
            }
        }
    }

    @Test
    void hsts_overHttps_isOnEveryAnswerInPlaceOfTheServices() {
        String said = "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 5\r\n\r\nhello";
        try (RawUpstream upstream = RawUpstream.answering(said);
                Gateway gateway = Gateway.serving(behindProxy(strict(
                        catalog()
                                .open()
                                .service("pets", upstream.port())
                                .route("pets", "/pets", "pets")
                                .action(
                                        "fixed",
                                        "/fixed",
                                        route -> route.setFixedAnswer(
                                                FixedAnswer.newBuilder().setStatus(200))),
                        Hsts.newBuilder().setMaxAgeSeconds(31_536_000).setIncludeSubdomains(true))));
                RawClient client = edge(gateway)) {
            // Of the service, of a route, of the gateway where no route is, and where the request is none.
            for (String target : new String[] {"/pets", "/fixed", "/nowhere", "/%2e%2e%2f"}) {
                String answer = client.get(target, SECURE);
                assertThat(answer)
                        .as(target)
                        .containsOnlyOnce("trict-")
                        .containsIgnoringCase("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n");
                if (answer.startsWith("HTTP/1.1 400")) {
                    return;
                }
            }
        }
    }

    @Test
    void hsts_inTheClear_isNeverSaid() {
        String said = "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 5\r\n\r\nhello";
        try (RawUpstream upstream = RawUpstream.answering(said);
                Gateway gateway =
                        Gateway.serving(strict(open(upstream), Hsts.newBuilder().setMaxAgeSeconds(31_536_000)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ").doesNotContain("trict-");
            assertThat(client.get("/pets", SECURE)).startsWith("HTTP/1.1 200 ").doesNotContain("trict-");
        }
    }

    @Test
    void hsts_mostSpecific_wins() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(behindProxy(strict(
                                open(upstream),
                                Hsts.newBuilder()
                                        .setMaxAgeSeconds(31_536_000)
                                        .setIncludeSubdomains(true)
                                        .setPreload(true)))
                        .policy(
                                "forget",
                                policy -> policy.setAttachment(Attachment.newBuilder()
                                                .setKind(AttachmentKind.ATTACHMENT_KIND_SERVICE)
                                                .setObjectId(id("service", "pets")))
                                        .setHsts(Hsts.newBuilder())));
                RawClient client = edge(gateway)) {
            assertThat(client.get("/pets", SECURE)).containsIgnoringCase("Strict-Transport-Security: max-age=0\r\n");
        }
    }

    /** A client of the listener that believes a proxy. */
    private RawClient edge(Gateway gateway) {
        assertThat(gateway.listeners()).hasSize(1);
        return new RawClient(port);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
