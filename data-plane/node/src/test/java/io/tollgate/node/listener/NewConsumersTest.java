package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.ConsumerBy;
import io.tollgate.proto.config.v1.NewConsumers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Callers whom nobody knows yet and who are to become consumers, through real sockets. */
class NewConsumersTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String ISSUER = "https://login.example.com";
    private static final TestIssuer LOGIN = TestIssuer.of("k1", "ES256");

    private final ManualClock clock = new ManualClock();
    private final List<String> told = new CopyOnWriteArrayList<>();

    private static Catalog catalogOf(RawUpstream upstream) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .tokenIssuer(
                        "login",
                        issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN))
                                .setConsumerBy(ConsumerBy.CONSUMER_BY_CREDENTIAL)
                                .setNewConsumers(NewConsumers.newBuilder().setPlanId(id("plan", "gold"))))
                .jwt("login", policy -> policy);
    }

    private Gateway serving(Catalog catalog) {
        Gateway gateway = Gateway.serving(catalog, clock);
        gateway.newSubjects().tellTo((issuer, subject) -> told.add(issuer + " " + subject));
        return gateway;
    }

    private String request(String subject) {
        return "GET /pets HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + LOGIN.token(TestIssuer.claims(ISSUER, subject, clock.epochMillis())) + "\r\n\r\n";
    }

    @Test
    void subject_new_waitsUntilItIsAConsumer_andIsOneFromThenOn() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream);
            try (Gateway gateway = serving(catalog);
                    RawClient one = gateway.connect();
                    RawClient other = gateway.connect()) {
                one.send(request("jane"));
                other.send(request("jane"));
                Await.until("both wait", () -> gateway.counters().inFlight() == 2 && told.size() == 1);
                // What does not make it known lets nobody go on.
                gateway.serve(catalog.consumer("joe", "gold").binding("b1", "joe", "login", "joe"));
                assertThat(gateway.counters().inFlight()).isEqualTo(2);
                gateway.serve(catalog.consumer("jane", "gold").binding("b2", "jane", "login", "jane"));
                assertThat(one.readMessage()).startsWith("HTTP/1.1 200 ");
                assertThat(other.readMessage()).startsWith("HTTP/1.1 200 ");
                one.send(request("jane"));
                assertThat(one.readMessage()).startsWith("HTTP/1.1 200 ");
                one.send(request("joe"));
                assertThat(one.readMessage()).startsWith("HTTP/1.1 200 ");
                assertThat(told).containsExactly(id("token-issuer", "login") + " jane");
                assertThat(upstream.requests().get(0))
                        .contains("X-Consumer-Name: jane", "X-Credential-Id: " + id("credential", "b2"));
                assertThat(gateway.usage().calls().get(0).consumerLow())
                        .isEqualTo(UUID.fromString(id("consumer", "jane")).getLeastSignificantBits());
            }
        }
    }

    @Test
    void subject_thatDoesNotBecomeOne_is503_andNobodyWaitsForItAWhile() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = serving(catalogOf(upstream));
                RawClient client = gateway.connect()) {
            client.send(request("jane"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ").contains("consumer-pending");
            client.send(request("jane"));
            assertThat(client.readMessage()).contains("consumer-pending");
            assertThat(told).hasSize(1);
            // Only tokens that hold are told.
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                    + TestIssuer.of("k1", "ES256").token(TestIssuer.claims(ISSUER, "eve", clock.epochMillis()))
                    + "\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ");
            assertThat(told).hasSize(1);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void client_leavesWhileItWaits_isForgotten() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream);
            try (Gateway gateway = serving(catalog)) {
                try (RawClient client = gateway.connect()) {
                    client.send(request("jane"));
                    Await.until("it waits", () -> told.size() == 1);
                }
                Await.until("it ended", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 1);
                gateway.serve(catalog.consumer("jane", "gold").binding("b2", "jane", "login", "jane"));
                gateway.onLoop();
                assertThat(upstream.requests()).isEmpty();
            }
        }
    }
}
