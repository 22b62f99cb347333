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
import io.tollgate.node.fixture.IntrospectionServer;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Access;
import io.tollgate.proto.config.v1.AccessEffect;
import io.tollgate.proto.config.v1.AccessRule;
import io.tollgate.proto.config.v1.ClientAuthentication;
import io.tollgate.proto.config.v1.ConsumerBy;
import io.tollgate.proto.config.v1.ForwardedClaim;
import io.tollgate.proto.config.v1.TokenIntrospection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Callers whose tokens their issuer is asked about, through real sockets. */
class IntrospectionTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String ISSUER = "https://opaque.example.com";

    private final ManualClock clock = new ManualClock();

    private static Catalog catalogOf(
            RawUpstream upstream, IntrospectionServer issuer, UnaryOperator<TokenIntrospection.Builder> more) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .consumer("acme", "gold")
                .tokenIssuer("opaque", one -> one.setIntrospection(more.apply(asking(issuer))))
                .introspection("opaque", policy -> policy);
    }

    private static TokenIntrospection.Builder asking(IntrospectionServer issuer) {
        return TokenIntrospection.newBuilder()
                .setUrl(issuer.url())
                .setClientId("gate:way")
                .setClientSecret("s3cret")
                .setTimeoutMillis(2_000)
                .setCacheSeconds(60)
                .setInactiveCacheSeconds(10);
    }

    private String active(String more) {
        long now = clock.epochMillis() / 1_000;
        return "{\"active\":true,\"sub\":\"acme\",\"iss\":\"" + ISSUER + "\",\"exp\":" + (now + 30) + more + "}";
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static void assertRefused(String answer, Outcome outcome) {
        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .contains("urn:tollgate:problem:" + outcome.word())
                .containsIgnoringCase("\r\nwww-authenticate: Bearer realm=\"tollgate\", error=\"invalid_token\"");
    }

    @Test
    void token_active_provesItsConsumerUntilItExpires() {
        try (IntrospectionServer issuer = new IntrospectionServer().says("opaque+1/~.=", active(""));
                RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream, issuer, how -> how), clock);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/pets", bearer("opaque+1/~.="))).startsWith("HTTP/1.1 200 ");
            }
            assertThat(issuer.asked()).containsExactly("token=opaque%2B1%2F%7E.%3D&token_type_hint=access_token");
            assertThat(issuer.authorizations().get(0))
                    .isEqualTo("Basic "
                            + Base64.getEncoder()
                                    .encodeToString("gate%3Away:s3cret".getBytes(StandardCharsets.US_ASCII)));
            assertThat(upstream.requests())
                    .hasSize(3)
                    .allSatisfy(request -> assertThat(request)
                            .contains("X-Consumer-Name: acme", "X-Plan-Name: gold")
                            .doesNotContain("opaque"));
            assertThat(gateway.usage().calls())
                    .allMatch(call -> call.consumerLow()
                            == UUID.fromString(id("consumer", "acme")).getLeastSignificantBits());
            // Its end comes before that of what is remembered: then it is asked about anew.
            clock.pass(30_000);
            issuer.says("opaque+1/~.=", "{\"active\":false}");
            assertRefused(client.get("/pets", bearer("opaque+1/~.=")), Outcome.TOKEN_INACTIVE);
            assertThat(issuer.asked()).hasSize(2);
            assertThat(gateway.credentials().activeAnswers()).isEqualTo(1);
            assertThat(gateway.credentials().inactiveAnswers()).isEqualTo(1);
        }
    }

    @Test
    void token_inactive_isRefusedAndRememberedForAWhile() {
        try (IntrospectionServer issuer = new IntrospectionServer();
                RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream, issuer, how -> how), clock);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 5; i++) {
                assertRefused(client.get("/pets", bearer("gone")), Outcome.TOKEN_INACTIVE);
            }
            assertThat(issuer.asked()).hasSize(1);
            clock.pass(10_000);
            issuer.says("gone", active(""));
            assertThat(client.get("/pets", bearer("gone"))).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets")).contains("credential-missing");
            assertThat(client.get("/pets", bearer("a b"))).contains("token-malformed");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void answer_isHeldToTheRulesOfTheIssuer() {
        try (IntrospectionServer issuer = new IntrospectionServer()
                        .says("other", active("").replace(ISSUER, "https://other.example.com"))
                        .says("late", active("").replace("\"exp\"", "\"nbf\":9999999999,\"exp\""))
                        .says("nobody", active(",\"aud\":\"pets\"").replace("acme", "globex"))
                        .says("audience", active(",\"aud\":\"toys\""))
                        .says("forever", "{\"active\":true,\"sub\":\"acme\",\"aud\":[\"pets\"]}");
                RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(upstream, issuer, how -> how)
                                .introspection("opaque", policy -> policy.addAudiences("pets")),
                        clock);
                RawClient client = gateway.connect()) {
            assertRefused(client.get("/pets", bearer("other")), Outcome.TOKEN_UNKNOWN_ISSUER);
            assertRefused(client.get("/pets", bearer("late")), Outcome.TOKEN_NOT_YET_VALID);
            assertRefused(client.get("/pets", bearer("audience")), Outcome.TOKEN_AUDIENCE);
            assertRefused(client.get("/pets", bearer("nobody")), Outcome.TOKEN_UNKNOWN_SUBJECT);
            assertThat(client.get("/pets", bearer("forever"))).startsWith("HTTP/1.1 200 ");
            clock.pass(59_000);
            assertThat(client.get("/pets", bearer("forever"))).startsWith("HTTP/1.1 200 ");
            assertThat(issuer.asked()).hasSize(5);
            clock.pass(1_000);
            assertThat(client.get("/pets", bearer("forever"))).startsWith("HTTP/1.1 200 ");
            assertThat(issuer.asked()).hasSize(6);
        }
    }

    @Test
    void endpoint_away_is503AndNothingOldIsBelievedBeyondItsEnd() {
        try (IntrospectionServer issuer = new IntrospectionServer().says("good", active(""));
                RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream, issuer, how -> how), clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", bearer("good"))).startsWith("HTTP/1.1 200 ");
            issuer.answers(500);
            assertThat(client.get("/pets", bearer("good"))).startsWith("HTTP/1.1 200 ");
            clock.pass(30_000);
            assertThat(client.get("/pets", bearer("good")))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("introspection-unavailable");
            issuer.answers(200).says("good", "not JSON");
            assertThat(client.get("/pets", bearer("good"))).contains("introspection-unavailable");
            issuer.says("good", "{\"active\":\"true\"}");
            assertThat(client.get("/pets", bearer("good"))).contains("introspection-unavailable");
            issuer.says("good", active(""));
            assertThat(client.get("/pets", bearer("good"))).startsWith("HTTP/1.1 200 ");
            assertThat(gateway.credentials().failedQuestions()).isEqualTo(3);
            assertThat(gateway.credentials().questionsAsked()).isZero();
        }
    }

    @Test
    void calls_withOneToken_waitForOneAnswer_andNotForTheOthers() {
        CountDownLatch open = new CountDownLatch(1);
        try (IntrospectionServer issuer =
                        new IntrospectionServer().says("slow", active("")).holds(open);
                RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway =
                        Gateway.serving(catalogOf(upstream, issuer, how -> how.setTimeoutMillis(10_000)), clock);
                RawClient one = gateway.connect();
                RawClient other = gateway.connect();
                RawClient third = gateway.connect()) {
            one.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + bearer("slow") + "\r\n\r\n");
            other.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n" + bearer("slow") + "\r\n\r\nbody");
            Await.until("both wait", () -> gateway.counters().inFlight() == 2);
            // The loop goes on meanwhile.
            assertThat(third.get("/pets")).contains("credential-missing");
            open.countDown();
            assertThat(one.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(other.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(issuer.asked()).hasSize(1);
        }
    }

    @Test
    void endpoint_tooSlow_is503InTime() {
        CountDownLatch never = new CountDownLatch(1);
        try (IntrospectionServer issuer = new IntrospectionServer().holds(never);
                RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway =
                        Gateway.serving(catalogOf(upstream, issuer, how -> how.setTimeoutMillis(200)), clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", bearer("x"))).contains("introspection-unavailable");
            never.countDown();
        }
    }

    @Test
    void scopesClaimsAndBinding_areThoseOfTheAnswer() {
        try (IntrospectionServer issuer = new IntrospectionServer()
                        .says("reads", active(",\"client_id\":\"c7\",\"scope\":\"pets.read x\",\"tenant\":\"blue\""))
                        .says("writes", active(",\"client_id\":\"c7\",\"scope\":\"pets.write\""));
                RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(
                            upstream,
                            issuer,
                            how -> how.setAuthentication(ClientAuthentication.CLIENT_AUTHENTICATION_CLIENT_SECRET_POST))
                    .introspection(
                            "opaque",
                            policy -> policy.addForwardClaims(ForwardedClaim.newBuilder()
                                    .setClaim("tenant")
                                    .setHeader("X-Tenant")))
                    .policy(
                            "access",
                            policy -> policy.setAccess(Access.newBuilder()
                                    .addRules(AccessRule.newBuilder()
                                            .setEffect(AccessEffect.ACCESS_EFFECT_ALLOW)
                                            .addScopes("pets.read"))));
            UnaryOperator<io.tollgate.proto.config.v1.TokenIssuer.Builder> bound =
                    one -> one.setConsumerBy(ConsumerBy.CONSUMER_BY_CREDENTIAL)
                            .setConsumerClaim("client_id")
                            .setIntrospection(TokenIntrospection.newBuilder()
                                    .setUrl(issuer.url())
                                    .setClientId("gateway")
                                    .setClientSecret("s3cret")
                                    .setAuthentication(ClientAuthentication.CLIENT_AUTHENTICATION_CLIENT_SECRET_POST)
                                    .setTimeoutMillis(2_000)
                                    .setCacheSeconds(60));
            catalog.tokenIssuer("opaque", bound).binding("b1", "acme", "opaque", "c7");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", bearer("reads"), "X-Tenant: red"))
                        .startsWith("HTTP/1.1 200 ");
                assertThat(upstream.requests().get(0))
                        .contains("X-Credential-Id: " + id("credential", "b1"), "\r\nX-Tenant: blue\r\n")
                        .doesNotContain("X-Tenant: red");
                assertThat(client.get("/pets", bearer("writes")))
                        .startsWith("HTTP/1.1 403 ")
                        .contains("scope-missing");
                assertThat(issuer.asked().get(0)).endsWith("&client_id=gateway&client_secret=s3cret");
                gateway.serve(catalog.remove("credential", "b1"));
                assertRefused(client.get("/pets", bearer("reads")), Outcome.TOKEN_UNKNOWN_SUBJECT);
                // Somebody else is asked from now on: nothing of what was said before is believed.
                gateway.serve(catalog.binding("b1", "acme", "opaque", "c7")
                        .tokenIssuer("opaque", one -> bound.apply(one).setClockSkewSeconds(1)));
                int before = issuer.asked().size();
                assertThat(client.get("/pets", bearer("reads"))).startsWith("HTTP/1.1 200 ");
                assertThat(issuer.asked()).hasSize(before + 1);
            }
        }
    }

    @Test
    void otherWays_keysAndTokensOfOthers_areNotToldToTheIssuer() {
        TestIssuer login = TestIssuer.of("k1", "ES256");
        try (IntrospectionServer issuer = new IntrospectionServer();
                RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, issuer, how -> how)
                    .tokenIssuer("login", one -> one.setJwks(TestIssuer.jwks(login)))
                    .jwt("login", policy -> policy)
                    .policy("keys", policy -> {
                        policy.getKeyAuthBuilder().addHeaderNames("Authorization");
                        return policy;
                    });
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", bearer(key))).startsWith("HTTP/1.1 200 ");
                String token = login.token(TestIssuer.claims("https://login.example.com", "acme", clock.epochMillis()));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                assertThat(issuer.asked()).isEmpty();
                assertThat(client.get("/pets", bearer("opaque"))).contains("token-inactive");
                assertThat(issuer.asked()).hasSize(1);
            }
        }
    }

    @Test
    void guesses_beyondTheBound_askNobody_goodTokensPassAllTheSame() {
        try (IntrospectionServer issuer = new IntrospectionServer().says("good", active(""));
                RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(upstream, issuer, how -> how).policy("guessing", policy -> {
                            policy.getCredentialThrottleBuilder().setFailures(5).setWindowSeconds(60);
                            return policy;
                        }),
                        clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", bearer("good"))).startsWith("HTTP/1.1 200 ");
            for (int i = 0; i < 5; i++) {
                assertRefused(client.get("/pets", bearer("guess" + i)), Outcome.TOKEN_INACTIVE);
            }
            for (int i = 5; i < 20; i++) {
                assertThat(client.get("/pets", bearer("guess" + i))).startsWith("HTTP/1.1 429 ");
            }
            assertThat(client.get("/pets", bearer("good"))).startsWith("HTTP/1.1 200 ");
            assertThat(issuer.asked()).hasSize(6);
        }
    }

    /** A token that was good once, in another place, does not hide that one beside it is guessed. */
    @Test
    void guesses_besideAnExpiredToken_countAllTheSame() {
        TestIssuer login = TestIssuer.of("k1", "ES256");
        try (IntrospectionServer issuer = new IntrospectionServer();
                RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(upstream, issuer, how -> how)
                                .tokenIssuer("login", one -> one.setJwks(TestIssuer.jwks(login)))
                                .jwt(
                                        "login",
                                        policy -> policy.clearHeaderNames().addCookieNames("session"))
                                .policy("throttle", policy -> {
                                    policy.getCredentialThrottleBuilder()
                                            .setFailures(5)
                                            .setWindowSeconds(60);
                                    return policy;
                                }),
                        clock);
                RawClient client = gateway.connect()) {
            String expired = "Cookie: session="
                    + login.token(TestIssuer.claims("https://login.example.com", "acme", clock.epochMillis()));
            clock.pass(TimeUnit.DAYS.toMillis(1));
            for (int i = 0; i < 5; i++) {
                assertRefused(client.get("/pets", expired, bearer("guess" + i)), Outcome.TOKEN_EXPIRED);
            }
            for (int i = 5; i < 8; i++) {
                assertThat(client.get("/pets", expired, bearer("guess" + i))).startsWith("HTTP/1.1 429 ");
            }
            assertThat(issuer.asked()).hasSize(5);
        }
    }

    @Test
    void jwt_ofWhoIsAsked_isNoTokenOfThePolicyJwt_andAskedAboutByTheOther() {
        TestIssuer login = TestIssuer.of("k1", "ES256");
        try (IntrospectionServer issuer = new IntrospectionServer();
                RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, issuer, how -> how)
                    .tokenIssuer("login", one -> one.setJwks(TestIssuer.jwks(login)))
                    .jwt("login", policy -> policy)
                    .policy("guessing", policy -> {
                        policy.getCredentialThrottleBuilder().setFailures(4).setWindowSeconds(60);
                        return policy;
                    });
            String token = login.token(TestIssuer.claims(ISSUER, "acme", clock.epochMillis()));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_INACTIVE);
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_INACTIVE);
                assertThat(issuer.asked()).hasSize(1);
                gateway.serve(catalog.remove("policy", "introspection"));
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_UNKNOWN_ISSUER);
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_UNKNOWN_ISSUER);
                assertThat(gateway.credentials().badTokens()).isPositive();
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 429 ");
            }
        }
    }

    @Test
    void issuer_changedWhileCallsWait_theyAreAnsweredAllTheSame() {
        CountDownLatch open = new CountDownLatch(1);
        try (IntrospectionServer issuer =
                        new IntrospectionServer().says("slow", active("")).holds(open);
                RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, issuer, how -> how.setTimeoutMillis(10_000));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                client.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + bearer("slow") + "\r\n\r\n");
                Await.until("it is asked", () -> issuer.asked().size() == 1);
                gateway.serve(catalog.tokenIssuer(
                        "opaque", one -> one.setIntrospection(asking(issuer).setTimeoutMillis(9_000))));
                open.countDown();
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                assertThat(gateway.counters().count(Outcome.INTROSPECTION_UNAVAILABLE))
                        .isZero();
            }
        }
    }

    @Test
    void token_goodOnce_isRememberedAsInactiveToo() {
        try (IntrospectionServer issuer = new IntrospectionServer().says("good", active(""));
                RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, issuer, how -> how);
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", bearer("good"))).startsWith("HTTP/1.1 200 ");
                issuer.says("good", "{\"active\":false}");
                gateway.serve(catalog.tokenIssuer(
                        "opaque", one -> one.setIntrospection(asking(issuer).setCacheSeconds(61))));
                for (int i = 0; i < 5; i++) {
                    assertRefused(client.get("/pets", bearer("good")), Outcome.TOKEN_INACTIVE);
                }
                assertThat(issuer.asked()).hasSize(2);
            }
        }
    }
}
