package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.password.PasswordCost;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.BasicAuth;
import io.tollgate.proto.config.v1.BasicBinding;
import io.tollgate.proto.config.v1.CredentialThrottle;
import io.tollgate.proto.config.v1.KeyAuth;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Callers that prove themselves with user names and passwords, through real sockets. */
class BasicTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String BCRYPT = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";
    /** Nobody's, and so slow that a hundred checks are never over before all of them have come. */
    private static final String SLOW = new PasswordCost.Bcrypt(11).decoy().text();

    private static final String ARGON2 =
            PasswordHash.of("correct horse", new SecureRandom()).text();

    private final ManualClock clock = new ManualClock();

    private static Catalog catalogOf(RawUpstream upstream, BasicAuth.Builder policy) {
        Catalog catalog = catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .consumer("acme", "gold")
                .consumer("globex", "gold")
                .policy("basic", one -> one.setBasicAuth(policy));
        user(catalog, "acme", "batch", ARGON2);
        user(catalog, "globex", "abc-user", BCRYPT);
        return catalog;
    }

    private static void user(Catalog catalog, String consumer, String userName, String digest) {
        catalog.bound(
                "user-of-" + consumer,
                consumer,
                credential -> credential.setBasic(
                        BasicBinding.newBuilder().setUserName(userName).setDigest(digest)));
    }

    private static Catalog catalogOf(RawUpstream upstream) {
        return catalogOf(upstream, BasicAuth.newBuilder());
    }

    private static String basic(String userName, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((userName + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String answer, Outcome outcome) {
        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .contains("urn:tollgate:problem:" + outcome.word())
                .containsIgnoringCase("\r\nwww-authenticate: Basic realm=\"tollgate\", charset=\"UTF-8\"\r\n");
    }

    @Test
    void password_right_provesItsConsumerAndIsRemembered() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream), clock);
                RawClient client = gateway.connect();
                Http2Wire http2 = gateway.connectHttp2()) {
            String right = basic("batch", "correct horse");
            assertThat(client.get("/pets", right)).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", right.replace("Basic", "bASIC "))).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", basic("abc-user", "abc"))).startsWith("HTTP/1.1 200 ");
            assertThat(http2.get("/pets", "authorization" + right.substring(13)).body())
                    .isEqualTo("hello");
            client.send("POST /pets HTTP/1.1\r\nHost: a\r\n" + basic("abc-user", "abc")
                    + "\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests()).hasSize(5).noneMatch(request -> request.contains("Basic "));
            assertThat(upstream.requests().get(0)).contains("X-Consumer-Name: acme");
            assertThat(upstream.requests().get(2)).contains("X-Consumer-Name: globex");
            assertThat(upstream.requests().get(4)).endsWith("\r\n\r\nbody");
            // One pair is remembered once, however it is written.
            assertThat(gateway.credentials().goodPasswords()).isEqualTo(2);
            assertThat(gateway.logged()).doesNotContain("correct", "Basic");
        }
    }

    @Test
    void password_beyondLatin1_isNotTakenForOneThatSharesItsLowBytes() {
        String polish = "\u0141\u0105ka";
        String other = "A\u0205ka";
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream);
            user(
                    catalog,
                    "acme",
                    "polish",
                    PasswordHash.of(polish, new SecureRandom()).text());
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", basic("polish", polish))).startsWith("HTTP/1.1 200 ");
                assertRefused(client.get("/pets", basic("polish", other)), Outcome.PASSWORD_WRONG);
                String padded = basic("polish", polish).replace("=", "");
                assertThat(client.get("/pets", padded)).startsWith("HTTP/1.1 200 ");
                assertThat(gateway.credentials().goodPasswords()).isEqualTo(1);
            }
        }
    }

    @Test
    void password_wrongOrOfNobody_isRefusedAlike() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream), clock);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 2; i++) {
                assertRefused(client.get("/pets", basic("batch", "wrong horse")), Outcome.PASSWORD_WRONG);
                assertRefused(client.get("/pets", basic("nobody", "correct horse")), Outcome.PASSWORD_WRONG);
                assertRefused(client.get("/pets", basic("Batch", "correct horse")), Outcome.PASSWORD_WRONG);
                assertRefused(client.get("/pets", basic("abc-user", "correct horse")), Outcome.PASSWORD_WRONG);
                assertRefused(client.get("/pets", "Authorization: Basic !"), Outcome.PASSWORD_MALFORMED);
                assertRefused(client.get("/pets", "Authorization: Basic dGVzdDoxMjOj"), Outcome.PASSWORD_MALFORMED);
                assertRefused(client.get("/pets", basic("batch", "x".repeat(2_000))), Outcome.PASSWORD_MALFORMED);
            }
            assertRefused(client.get("/pets"), Outcome.CREDENTIAL_MISSING);
            assertRefused(client.get("/pets", "Authorization: Bearer a"), Outcome.CREDENTIAL_MISSING);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void password_changed_holdsAtOnceAlsoForWhatIsRemembered() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream);
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String old = basic("batch", "correct horse");
                String fresh = basic("batch", "abc");
                assertThat(client.get("/pets", old)).startsWith("HTTP/1.1 200 ");
                assertRefused(client.get("/pets", fresh), Outcome.PASSWORD_WRONG);
                user(catalog, "acme", "batch", BCRYPT);
                gateway.serve(catalog);
                assertRefused(client.get("/pets", old), Outcome.PASSWORD_WRONG);
                assertThat(client.get("/pets", fresh)).startsWith("HTTP/1.1 200 ");
                // A user who came just now was refused as nobody a moment before.
                String other = basic("late", "abc");
                assertRefused(client.get("/pets", other), Outcome.PASSWORD_WRONG);
                user(catalog, "acme", "late", BCRYPT);
                gateway.serve(catalog);
                assertThat(client.get("/pets", other)).startsWith("HTTP/1.1 200 ");
                assertRefused(client.get("/pets", fresh), Outcome.PASSWORD_WRONG);
                gateway.serve(catalog.consumer("acme", consumer -> consumer.setEnabled(false)));
                assertThat(client.get("/pets", other))
                        .startsWith("HTTP/1.1 403 ")
                        .contains("consumer-disabled");
            }
        }
    }

    @Test
    void stream_endsWhenThePasswordIsChanged() {
        for (boolean changed : new boolean[] {true, false}) {
            try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                connection.readMessage();
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n");
                connection.readToEnd();
            })) {
                Catalog catalog = catalogOf(upstream);
                try (Gateway gateway = Gateway.serving(catalog, clock);
                        RawClient client = gateway.connect()) {
                    client.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + basic("batch", "correct horse") + "\r\n\r\n");
                    assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                    if (changed) {
                        user(catalog, "acme", "batch", BCRYPT);
                    } else {
                        catalog.remove("credential", "user-of-acme");
                    }
                    gateway.serve(catalog);
                    clock.pass(1_000);
                    Await.until("it has ended", () -> gateway.counters().count(Outcome.STREAM_REVOKED) == 1);
                }
            }
        }
    }

    @Test
    void policy_realmAnonymousAndWhetherTheServiceGetsIt() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(
                                upstream,
                                BasicAuth.newBuilder()
                                        .setRealm("Orders, here")
                                        .setKeepCredentials(true)
                                        .setAnonymousAllowed(true)),
                        clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            String right = basic("abc-user", "abc");
            assertThat(client.get("/pets", right)).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(1)).contains(right);
            assertThat(client.get("/pets", basic("abc-user", "abd")))
                    .startsWith("HTTP/1.1 401 ")
                    .containsIgnoringCase("www-authenticate: Basic realm=\"Orders, here\", charset=\"UTF-8\"");
        }
    }

    @Test
    void guesses_beyondTheBound_areNotChecked_andTheRightOnePasses() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(upstream)
                                .policy(
                                        "guessing",
                                        policy -> policy.setCredentialThrottle(CredentialThrottle.newBuilder()
                                                .setFailures(3)
                                                .setWindowSeconds(60))),
                        clock);
                RawClient client = gateway.connect()) {
            String right = basic("abc-user", "abc");
            assertThat(client.get("/pets", right)).startsWith("HTTP/1.1 200 ");
            for (int i = 0; i < 3; i++) {
                assertRefused(client.get("/pets", basic("abc-user", "guess-" + i)), Outcome.PASSWORD_WRONG);
            }
            assertThat(client.get("/pets", basic("abc-user", "guess-9")))
                    .startsWith("HTTP/1.1 429 ")
                    .contains("too-many-bad-credentials");
            assertThat(client.get("/pets", right)).startsWith("HTTP/1.1 200 ");
        }
    }

    /** A key that was good once does not hide that a password beside it is guessed. */
    @Test
    void guesses_besideARevokedKey_countAllTheSame() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream)
                    .policy(
                            "keys",
                            policy -> policy.setKeyAuth(KeyAuth.newBuilder().addHeaderNames("X-Api-Key")))
                    .policy(
                            "guessing",
                            policy -> policy.setCredentialThrottle(CredentialThrottle.newBuilder()
                                    .setFailures(3)
                                    .setWindowSeconds(60)));
            String revoked = "X-Api-Key: " + catalog.key("acme", key -> key.setRevoked(true));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 3; i++) {
                    assertThat(client.get("/pets", revoked, basic("abc-user", "guess-" + i)))
                            .startsWith("HTTP/1.1 401 ")
                            .contains("problem:key-revoked");
                }
                for (int i = 3; i < 6; i++) {
                    assertThat(client.get("/pets", revoked, basic("abc-user", "guess-" + i)))
                            .startsWith("HTTP/1.1 429 ")
                            .contains("too-many-bad-credentials");
                }
                // Alone it is no guess, and not refused as one.
                assertThat(client.get("/pets", revoked)).contains("problem:key-revoked");
            }
        }
    }

    @Test
    void manyAtOnce_ofOnePair_areCheckedOnce_andOfTooManyPairsSomeGet503() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream)
                        .bound(
                                "slow",
                                "acme",
                                credential -> credential.setBasic(BasicBinding.newBuilder()
                                        .setUserName("slow")
                                        .setDigest(SLOW))))) {
            int one = 100;
            List<RawClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < one; i++) {
                    clients.add(gateway.connect());
                }
                for (RawClient client : clients) {
                    client.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + basic("batch", "correct horse") + "\r\n\r\n");
                }
                for (RawClient client : clients) {
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                }
                assertThat(gateway.credentials().checksRefused()).isZero();
                for (int i = 0; i < one; i++) {
                    clients.get(i).send("GET /pets HTTP/1.1\r\nHost: a\r\n" + basic("slow", "guess-" + i) + "\r\n\r\n");
                }
                int busy = 0;
                for (RawClient client : clients) {
                    String answer = client.readMessage();
                    if (answer.startsWith("HTTP/1.1 503 ")) {
                        assertThat(answer).contains("checks-busy");
                        busy++;
                    } else {
                        assertThat(answer).startsWith("HTTP/1.1 401 ");
                    }
                }
                assertThat(busy).isPositive();
                assertThat(gateway.credentials().checksRefused()).isEqualTo(busy);
            } finally {
                clients.forEach(RawClient::close);
            }
        }
    }
}
