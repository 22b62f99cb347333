package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.explain.ExplainQuestion;
import io.tollgate.engine.explain.Explainer;
import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.CircuitBreaker;
import io.tollgate.proto.config.v1.ForwardAuth;
import io.tollgate.proto.config.v1.ForwardAuthFailure;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service is asked whether a call may go on. */
class ForwardAuthTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String YES = "HTTP/1.1 200 OK\r\nX-User: anna\r\nX-Other: no\r\nContent-Length: 2\r\n\r\nok";
    private static final String REFUSED = "urn:tollgate:problem:forward-auth-refused";
    private static final String UNAVAILABLE = "urn:tollgate:problem:forward-auth-unavailable";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog = catalog()
            .service("pets", upstream.port())
            .route("pets", "/pets", "pets")
            .plan("gold", perMinute(3))
            .consumer("acme", "gold")
            .consumer("other", "gold");
    private final String secret = catalog.key("acme");
    private final String key = "X-Api-Key: " + secret;
    private final String other = "X-Api-Key: " + catalog.key("other");

    @AfterEach
    void stop() {
        upstream.close();
    }

    private Catalog asking(RawUpstream decisions, UnaryOperator<ForwardAuth.Builder> more) {
        ForwardAuth.Builder auth = ForwardAuth.newBuilder()
                .setServiceId(id("service", "decisions"))
                .setPath("/check")
                .setMethod("GET")
                .addRequestHeaders("Authorization")
                .addUpstreamHeaders("X-User")
                .addClientHeaders("WWW-Authenticate")
                .addClientHeaders("Content-Type")
                .setTimeoutMillis(5_000)
                .setOnFailure(ForwardAuthFailure.FORWARD_AUTH_FAILURE_DENY);
        return catalog.service("decisions", decisions.port(), service -> service.setPathPrefix("/v1"))
                .policy(
                        "asking",
                        policy -> policy.setAttachment(Attachment.newBuilder()
                                        .setKind(AttachmentKind.ATTACHMENT_KIND_ROUTE)
                                        .setObjectId(id("route", "pets")))
                                .setForwardAuth(more.apply(auth)));
    }

    @Test
    void call_thatTheServiceLetsThrough_goesOnWithItsFieldsAndNotTheClients() {
        try (RawUpstream decisions = RawUpstream.answering(YES);
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth));
                RawClient client = gateway.connect()) {
            client.send("POST /pets/7?a=b HTTP/1.1\r\nHost: api.example.com\r\n" + key
                    + "\r\nAuthorization: Basic YTpi\r\nX-User: mallory\r\nX-Consumer-Name: mallory\r\n"
                    + "Content-Length: 4\r\n\r\nbody");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("hello");
            String asked = decisions.requests().get(0);
            assertThat(asked)
                    .startsWith("GET /v1/check HTTP/1.1\r\n")
                    .contains("authorization: Basic YTpi\r\n")
                    .contains("X-Forwarded-Method: POST\r\n")
                    .contains("X-Forwarded-Uri: /pets/7?a=b\r\n")
                    .contains("X-Forwarded-Host: api.example.com\r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .contains("X-Consumer-Name: acme\r\n")
                    .doesNotContain("mallory", "body", secret);
            assertThat(upstream.requests().get(0))
                    .contains("X-User: anna\r\n")
                    .doesNotContain("mallory", "X-Other")
                    .endsWith("body");
        }
    }

    @Test
    void call_thatTheServiceRefuses_getsItsAnswerAndTakesNothingFromItsLimit() throws InterruptedException {
        try (RawUpstream decisions = RawUpstream.answering("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n"
                        + "Set-Cookie: a=b\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nwho?");
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/pets", key))
                        .startsWith("HTTP/1.1 401 ")
                        .containsIgnoringCase("www-authenticate: Basic\r\n")
                        .containsIgnoringCase("content-type: text/plain\r\n")
                        .containsIgnoringCase("cache-control: no-store\r\n")
                        .doesNotContainIgnoringCase("set-cookie")
                        .endsWith("who?");
            }
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.logged()).contains("forward-auth-refused");
        }
    }

    @Test
    void refusalWithALongBody_isHandedOnWithoutIt() {
        try (RawUpstream decisions = RawUpstream.answering(
                        "HTTP/1.1 403 Forbidden\r\nContent-Length: 100000\r\n\r\n" + "a".repeat(100_000));
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", key))
                    .startsWith("HTTP/1.1 403 ")
                    .containsIgnoringCase("content-length: 0\r\n");
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void serviceThatFails_endsTheCallOrLetsItThroughAsChosen() {
        try (RawUpstream decisions =
                        RawUpstream.answering("HTTP/1.1 500 Oops\r\nX-User: eve\r\nContent-Length: 0\r\n\r\n");
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 503 ").contains(UNAVAILABLE);
            gateway.serve(asking(decisions, auth -> auth.setOnFailure(ForwardAuthFailure.FORWARD_AUTH_FAILURE_ALLOW)));
            assertThat(client.get("/pets", key, "X-User: mallory")).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(0)).doesNotContain("mallory", "eve");
        }
    }

    @Test
    void serviceThatIsSlow_isWaitedForAsLongAsThePolicySays() {
        CountDownLatch held = new CountDownLatch(1);
        try (RawUpstream decisions = RawUpstream.holding(held, YES);
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth.setTimeoutMillis(50)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 503 ").contains(UNAVAILABLE);
        }
    }

    @Test
    void clientThatLeaves_endsTheQuestion() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (RawUpstream decisions = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    held.countDown();
                    connection.readToEnd();
                    left.countDown();
                });
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth))) {
            RawClient client = gateway.connect();
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + key + "\r\n\r\n");
            assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
            client.close();
            assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void callersOwnTime_whenItIsOver_endsTheirCallsAndSaysNothingOfTheService() throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        try (RawUpstream decisions = RawUpstream.scripted(connection -> {
                    String asked = connection.readMessage();
                    if (asked.contains("Basic slow")) {
                        connection.readToEnd();
                        released.countDown();
                    } else {
                        connection.send(YES);
                        connection.readToEnd();
                    }
                });
                Gateway gateway = Gateway.serving(asking(
                                decisions, auth -> auth.setOnFailure(ForwardAuthFailure.FORWARD_AUTH_FAILURE_ALLOW))
                        .service(
                                "decisions",
                                decisions.port(),
                                service -> service.setCircuitBreaker(CircuitBreaker.newBuilder()
                                                .setFailurePercent(50)
                                                .setMinimumCalls(2)
                                                .setWindowMillis(10_000)
                                                .setOpenMillis(60_000)
                                                .setProbes(1))
                                        .setPathPrefix("/v1")));
                RawClient client = gateway.connect();
                Http2Wire impatient = gateway.connectHttp2()) {
            for (int i = 0; i < 5; i++) {
                int stream = impatient.begin(
                        false,
                        Http2Wire.head(
                                "POST",
                                "/pets",
                                "content-type: application/grpc",
                                "te: trailers",
                                "x-api-key: " + secret,
                                "authorization: Basic slow",
                                "grpc-timeout: 20m"));
                assertThat(impatient.answer(stream).head()).contains("grpc-status: 4");
            }
            assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(upstream.requests()).isEmpty();
            // Neither is the circuit open, which would let everybody through unasked, nor did the five take from the
            // limit of three.
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(0)).contains("X-User: anna\r\n");
            assertThat(gateway.usage().classes())
                    .startsWith(Collections.nCopies(5, OutcomeClass.ABORTED).toArray(OutcomeClass[]::new));
        }
    }

    @Test
    void keyTakenBackWhileItsCallWaits_endsTheCall() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch revoked = new CountDownLatch(1);
        try (RawUpstream decisions = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    asked.countDown();
                    assertThat(revoked.await(10, TimeUnit.SECONDS)).isTrue();
                    connection.send(YES);
                    connection.readToEnd();
                });
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + key + "\r\n\r\n");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            gateway.revoke(Long.MAX_VALUE, id("credential", secret));
            revoked.countDown();
            assertThat(client.readMessage()).startsWith("HTTP/1.1 403 ").contains("problem:access-denied");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void fieldThatCannotBeHandedOn_isAFailureOfTheService() {
        try (RawUpstream decisions = RawUpstream.answering(
                        "HTTP/1.1 403 Forbidden\r\nContent-Type: a\u0001b\r\nContent-Length: 0\r\n\r\n");
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 503 ").contains(UNAVAILABLE);
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 503 ").contains(UNAVAILABLE);
        }
    }

    @Test
    void fieldThatConnectionNames_isNotAskedWithEither() {
        try (RawUpstream decisions = RawUpstream.answering(YES);
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth));
                RawClient client = gateway.connect()) {
            String answer = client.get("/pets", key, "Authorization: Basic YTpi", "Connection: authorization");
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(0)).doesNotContain("Basic YTpi");
            assertThat(decisions.requests().get(0)).doesNotContain("Basic YTpi");
        }
    }

    @Test
    void shorterTime_holdsForWhatIsRemembered() {
        Gateway.ChosenNanos clock = new Gateway.ChosenNanos(new AtomicLong(System.nanoTime()));
        try (RawUpstream decisions = RawUpstream.answering(YES);
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth.setCacheSeconds(3_600)), clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 200 ");
            gateway.serve(asking(decisions, auth -> auth.setCacheSeconds(10)));
            clock.now().addAndGet(9_000_000_000L);
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 200 ");
            assertThat(decisions.requests()).hasSize(1);
            clock.now().addAndGet(1_000_000_000L);
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 200 ");
            assertThat(decisions.requests()).hasSize(2);
        }
    }

    @Test
    void twoTokensOfOneSubject_areTwoCallers() {
        TestIssuer login = TestIssuer.of("k1", "ES256");
        String claims = TestIssuer.claims("https://login.example.com", "acme", System.currentTimeMillis());
        try (RawUpstream decisions = RawUpstream.answering(YES);
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth.setCacheSeconds(60))
                        .tokenIssuer("login", issuer -> issuer.setJwks(TestIssuer.jwks(login)))
                        .jwt("login", policy -> policy)
                        .binding("acme-login", "acme", "login", "acme"));
                RawClient client = gateway.connect()) {
            String one = "Authorization: Bearer " + login.token(claims);
            String two = "Authorization: Bearer " + login.token(claims.replaceFirst("\\{", "{\"jti\":\"two\","));
            assertThat(client.get("/pets", one)).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", one)).startsWith("HTTP/1.1 200 ");
            assertThat(decisions.requests()).hasSize(1);
            assertThat(client.get("/pets", two)).startsWith("HTTP/1.1 200 ");
            assertThat(decisions.requests()).hasSize(2);
        }
    }

    @Test
    void connectionThatTheServiceClosedMeanwhile_isReplaced() {
        try (RawUpstream decisions = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(YES);
                });
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void yes_isRememberedForTheVerySameQuestionOfTheSameCredential() {
        try (RawUpstream decisions = RawUpstream.answering(YES);
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth.setCacheSeconds(60)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 200 ");
            assertThat(decisions.requests()).hasSize(1);
            assertThat(upstream.requests().get(1)).contains("X-User: anna\r\n");
            assertThat(client.get("/pets", other)).startsWith("HTTP/1.1 200 ");
            assertThat(decisions.requests()).hasSize(2);
            assertThat(client.get("/pets/7", key)).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", other, "Authorization: Basic YTpi")).startsWith("HTTP/1.1 200 ");
            assertThat(decisions.requests()).hasSize(4);
        }
    }

    @Test
    void no_isNotRemembered() {
        try (RawUpstream decisions = RawUpstream.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth.setCacheSeconds(60)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 403 ").doesNotContain(REFUSED);
            client.get("/pets", key);
            assertThat(decisions.requests()).hasSize(2);
        }
    }

    @Test
    void explain_tellsWhoIsAsked() {
        try (RawUpstream decisions = RawUpstream.answering(YES);
                Gateway gateway = Gateway.serving(asking(decisions, auth -> auth))) {
            assertThat(Explainer.explain(
                                    gateway.configuration(),
                                    new ExplainQuestion(
                                            "GET",
                                            "",
                                            "/pets",
                                            List.of(),
                                            new ExplainQuestion.Caller("acme", Set.of(), ""),
                                            System.currentTimeMillis()))
                            .admission())
                    .isEqualTo("ok: by plan gold, if service decisions says so (policy asking)");
        }
    }
}
