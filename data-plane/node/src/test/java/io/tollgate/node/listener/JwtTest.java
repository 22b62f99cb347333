package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static io.tollgate.node.fixture.Http2Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.JwksServer;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Compression;
import io.tollgate.proto.config.v1.CompressionLevel;
import io.tollgate.proto.config.v1.ConsumerBy;
import io.tollgate.proto.config.v1.ContentCoding;
import io.tollgate.proto.config.v1.ForwardedClaim;
import io.tollgate.proto.config.v1.Jwt;
import io.tollgate.proto.config.v1.RequiredClaim;
import io.tollgate.proto.config.v1.TokenIssuer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers that prove themselves with tokens, through real sockets. */
class JwtTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String ISSUER = "https://login.example.com";
    private static final TestIssuer LOGIN = TestIssuer.of("k1", "ES256");
    private static final TestIssuer NEXT = TestIssuer.of("k2", "ES256");

    private final ManualClock clock = new ManualClock();

    private static Catalog catalogOf(
            RawUpstream upstream, UnaryOperator<TokenIssuer.Builder> issuer, UnaryOperator<Jwt.Builder> policy) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .consumer("acme", "gold")
                .tokenIssuer("login", issuer)
                .jwt("login", policy);
    }

    private static Catalog held(RawUpstream upstream) {
        return catalogOf(upstream, issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)), policy -> policy);
    }

    private static Catalog fetched(RawUpstream upstream, JwksServer keys) {
        return catalogOf(upstream, issuer -> issuer.setJwksUrl(keys.url()), policy -> policy);
    }

    private static String token(TestIssuer issuer, Clock clock) {
        return issuer.token(TestIssuer.claims(ISSUER, "acme", clock.epochMillis()));
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    @Test
    void token_good_provesItsConsumerAndIsRemembered() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(held(upstream), clock);
                RawClient client = gateway.connect();
                Http2Wire http2 = gateway.connectHttp2()) {
            String token = token(LOGIN, clock);
            assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", "authorization: bearer   " + token)).startsWith("HTTP/1.1 200 ");
            assertThat(http2.get("/pets", "authorization: Bearer " + token).body())
                    .isEqualTo("hello");
            client.send("POST /pets HTTP/1.1\r\nHost: a\r\n" + bearer(token(LOGIN, clock))
                    + "\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(gateway.usage().calls())
                    .hasSize(4)
                    .allMatch(call -> call.consumerLow()
                            == UUID.fromString(id("consumer", "acme")).getLeastSignificantBits());
            assertThat(upstream.requests())
                    .allSatisfy(request -> assertThat(request)
                            .contains("X-Consumer-Name: acme", "X-Plan-Name: gold")
                            .doesNotContain(token)
                            .doesNotContainIgnoringCase("authorization"));
            assertThat(upstream.requests().get(3)).endsWith("\r\n\r\nbody");
            assertThat(gateway.credentials().goodTokens()).isPositive();
        }
    }

    @Test
    void token_expires_betweenTwoCalls() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(held(upstream), clock);
                RawClient client = gateway.connect()) {
            String token = token(LOGIN, clock);
            assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
            clock.pass(3_599_000);
            assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
            clock.pass(1_000);
            assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_EXPIRED);
        }
    }

    private static void assertRefused(String answer, Outcome outcome) {
        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .contains("urn:tollgate:problem:" + outcome.word())
                .containsIgnoringCase("\r\nwww-authenticate: Bearer realm=\"tollgate\", error=\"invalid_token\", "
                        + "error_description=\"" + outcome.detail() + "\"\r\n");
    }

    @Test
    void token_bad_isRefusedByItsOwnOutcome() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(
                                upstream,
                                issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN))
                                        .addAudiences("api")
                                        .addRequiredClaims(RequiredClaim.newBuilder()
                                                .setClaim("tenant")
                                                .addValues("blue")),
                                policy -> policy),
                        clock);
                RawClient client = gateway.connect()) {
            long now = clock.epochMillis() / 1_000;
            String good = "{\"iss\":\"" + ISSUER + "\",\"sub\":\"acme\",\"aud\":\"api\",\"tenant\":\"blue\",\"iat\":"
                    + now + ",\"exp\":" + (now + 60) + "}";
            assertThat(client.get("/pets", bearer(LOGIN.token(good)))).startsWith("HTTP/1.1 200 ");
            Object[][] cases = {
                {"a.b", Outcome.TOKEN_MALFORMED},
                {"x".repeat(16_000), Outcome.TOKEN_MALFORMED},
                {LOGIN.token("{\"alg\":\"ES256\",\"crit\":[\"b64\"]}", good), Outcome.TOKEN_MALFORMED},
                {LOGIN.token(good.replace("login", "other")), Outcome.TOKEN_UNKNOWN_ISSUER},
                {LOGIN.token(good.replace(ISSUER, "")), Outcome.TOKEN_UNKNOWN_ISSUER},
                {NEXT.token(good), Outcome.TOKEN_INVALID},
                {NEXT.token("{\"alg\":\"ES256\",\"kid\":\"k1\"}", good), Outcome.TOKEN_INVALID},
                {LOGIN.token(good.replace("\"exp\":" + (now + 60), "\"exp\":" + now)), Outcome.TOKEN_EXPIRED},
                {LOGIN.token(good.replace("\"iat\":" + now, "\"nbf\":" + (now + 9))), Outcome.TOKEN_NOT_YET_VALID},
                {LOGIN.token(good.replace("\"api\"", "\"others\"")), Outcome.TOKEN_AUDIENCE},
                {LOGIN.token(good.replace("blue", "red")), Outcome.TOKEN_CLAIMS},
                {LOGIN.token(good.replace("acme", "globex")), Outcome.TOKEN_UNKNOWN_SUBJECT},
                {LOGIN.token(good.replace("\"sub\":\"acme\",", "")), Outcome.TOKEN_UNKNOWN_SUBJECT},
            };
            for (Object[] one : cases) {
                // Twice: once found out, once remembered.
                assertRefused(client.get("/pets", bearer((String) one[0])), (Outcome) one[1]);
                assertRefused(client.get("/pets", bearer((String) one[0])), (Outcome) one[1]);
            }
            assertThat(client.get("/pets"))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("credential-missing")
                    .containsIgnoringCase("\r\nwww-authenticate: Bearer realm=\"tollgate\"\r\n");
            // Another scheme, and a key, which are other ways that this route does not take.
            assertThat(client.get("/pets", "Authorization: Basic YTpi")).contains("credential-missing");
            assertThat(client.get("/pets", "X-Api-Key: tg_live_x")).contains("credential-missing");
            assertThat(gateway.usage().classes()).hasSize(30);
            assertThat(gateway.logged()).doesNotContain("eyJ");
        }
    }

    @Test
    void token_bad_overGrpc_isUnauthenticated() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(held(upstream), clock);
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(
                    true,
                    head(
                            "POST",
                            "/pets",
                            "content-type: application/grpc",
                            "authorization: Bearer " + NEXT.token("{}")));
            assertThat(client.answer(stream).head()).contains("grpc-status: 16");
        }
    }

    @Test
    void places_headerQueryCookie_andWhatIsTakenAway() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(
                                upstream,
                                issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)),
                                policy -> policy.addHeaderNames("X-Token")
                                        .addQueryParameters("access_token")
                                        .addCookieNames("session")),
                        clock);
                RawClient client = gateway.connect()) {
            String token = token(LOGIN, clock);
            assertThat(client.get("/pets", "X-Token: " + token)).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets?a=1&access_token=" + token + "&b=2")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", "Cookie: a=1; session=" + token + "; b=2"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests()).hasSize(3).noneMatch(request -> request.contains(token));
            assertThat(upstream.requests().get(1)).startsWith("GET /pets?a=1&b=2 ");
            assertThat(upstream.requests().get(2)).containsIgnoringCase("\r\ncookie: a=1; b=2\r\n");
        }
    }

    @Test
    void claims_forwarded_andWhatTheClientClaimsIsNot() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(
                                upstream,
                                issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)),
                                policy -> policy.setKeepToken(true)
                                        .addForwardClaims(claim("sub", "X-Subject"))
                                        .addForwardClaims(claim("/org/roles", "X-Roles"))
                                        .addForwardClaims(claim("name", "X-Name"))
                                        .addForwardClaims(claim("level", "X-Level"))
                                        .addForwardClaims(claim("org", "X-Org"))
                                        .addForwardClaims(claim("none", "X-None"))),
                        clock);
                RawClient client = gateway.connect()) {
            String token = LOGIN.token(
                    TestIssuer.claims(ISSUER, "acme", clock.epochMillis())
                            .replace(
                                    "}",
                                    ",\"level\":3,\"name\":\"J\u00fcrgen\\r\\nX-Evil: 1\",\"org\":{\"roles\":[\"a,b\",\"c\"]}}"));
            assertThat(client.get("/pets", bearer(token), "X-Subject: admin", "x-none: admin", "X-Org: evil"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(0))
                    .contains(
                            "\r\nX-Subject: acme\r\n",
                            "\r\nX-Roles: a%2Cb,c\r\n",
                            "\r\nX-Name: J%C3%BCrgen%0D%0AX-Evil: 1\r\n",
                            "\r\nX-Level: 3\r\n",
                            token)
                    .doesNotContainIgnoringCase("x-org")
                    .doesNotContainIgnoringCase("x-none")
                    .doesNotContain("admin");
        }
    }

    private static ForwardedClaim claim(String claim, String header) {
        return ForwardedClaim.newBuilder().setClaim(claim).setHeader(header).build();
    }

    @Test
    void binding_tellsTheConsumer_untilItIsGone() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(
                            upstream,
                            issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN))
                                    .setConsumerBy(ConsumerBy.CONSUMER_BY_CREDENTIAL)
                                    .setConsumerClaim("client_id"),
                            policy -> policy)
                    .binding("b1", "acme", "login", "client-7");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String token = LOGIN.token(TestIssuer.claims(ISSUER, "x", clock.epochMillis())
                        .replace("\"sub\"", "\"client_id\"")
                        .replace("\"x\"", "\"client-7\""));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                assertThat(upstream.requests().get(0)).contains("X-Credential-Id: " + id("credential", "b1"));

                gateway.serve(catalog.remove("credential", "b1"));
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_UNKNOWN_SUBJECT);
                gateway.serve(catalog.binding("b2", "acme", "login", "client-7")
                        .consumer("acme", consumer -> consumer.setEnabled(false)));
                assertThat(client.get("/pets", bearer(token)))
                        .startsWith("HTTP/1.1 403 ")
                        .contains("consumer-disabled");
            }
        }
    }

    @Test
    void keyAndToken_onOneRoute_areAlternatives() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = held(upstream).policy("keys", policy -> {
                policy.getKeyAuthBuilder().addHeaderNames("Authorization");
                return policy;
            });
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", bearer(key))).startsWith("HTTP/1.1 200 ");
                assertThat(client.get("/pets", bearer(token(LOGIN, clock)))).startsWith("HTTP/1.1 200 ");
                assertThat(client.get("/pets", bearer(NEXT.token("{}")))).contains("token-unknown-issuer");
                assertThat(client.get("/pets", bearer("tg_live_x"))).contains("malformed");
                assertThat(client.get("/pets"))
                        .contains("credential-missing")
                        .containsIgnoringCase("ApiKey realm")
                        .containsIgnoringCase("Bearer realm");
            }
        }
    }

    @Test
    void anonymous_allowed_badTokensAreRefusedAllTheSame() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(
                                upstream,
                                issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)),
                                policy -> policy.setAnonymousAllowed(true)),
                        clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", bearer("x"))).contains("token-malformed");
        }
    }

    @Test
    void issuer_changed_oldResultsAreNotTold() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = held(upstream);
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String token = token(LOGIN, clock);
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.tokenIssuer("login", issuer -> issuer.setJwks(TestIssuer.jwks(NEXT))));
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_INVALID);
                gateway.serve(catalog.tokenIssuer(
                        "login",
                        issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN))
                                .clearAlgorithms()
                                .addAlgorithms("RS256")));
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_INVALID);
                gateway.serve(catalog.tokenIssuer(
                        "login",
                        issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)).setEnabled(false)));
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_UNKNOWN_ISSUER);
                gateway.serve(catalog.tokenIssuer("login", issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN))));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.tokenIssuer("other", issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)))
                        .jwt("other", policy -> policy));
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_UNKNOWN_ISSUER);
            }
        }
    }

    @Test
    void policy_narrowerAudiences_areAskedOfRememberedTokensToo() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = held(upstream);
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String token = LOGIN.token(TestIssuer.claims(ISSUER, "acme", clock.epochMillis())
                        .replace("}", ",\"aud\":[\"pets\",\"x\"]}"));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.jwt("login", policy -> policy.addAudiences("toys")));
                assertRefused(client.get("/pets", bearer(token)), Outcome.TOKEN_AUDIENCE);
                gateway.serve(catalog.jwt(
                        "login", policy -> policy.addAudiences("toys").addAudiences("pets")));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void keys_notThereYet_callsWaitForOneFetch() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                JwksServer keys = new JwksServer(TestIssuer.jwks(LOGIN)).holds(open);
                Gateway gateway = Gateway.serving(fetched(upstream, keys), clock);
                RawClient one = gateway.connect();
                RawClient other = gateway.connect()) {
            one.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + bearer(token(LOGIN, clock)) + "\r\n\r\n");
            other.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + bearer(token(LOGIN, clock)) + "\r\n\r\n");
            Await.until("both wait", () -> gateway.counters().inFlight() == 2);
            open.countDown();
            assertThat(one.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(other.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(keys.requests()).isEqualTo(1);
            assertThat(gateway.credentials().fetches()).isEqualTo(1);
        }
    }

    @Test
    void keys_notToBeHad_is503AndSoonAskedAgain() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                JwksServer keys = new JwksServer("").fails(500);
                Gateway gateway = Gateway.serving(fetched(upstream, keys), clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", bearer(token(LOGIN, clock))))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("issuer-unavailable");
            for (int status : new int[] {302, 404, 200}) {
                keys.fails(status);
                clock.pass(10_000);
                assertThat(client.get("/pets", bearer(token(LOGIN, clock)))).contains("issuer-unavailable");
            }
            assertThat(gateway.credentials().issuersWithoutKeys()).isEqualTo(1);
            keys.serves(TestIssuer.jwks(LOGIN));
            clock.pass(10_000);
            assertThat(client.get("/pets", bearer(token(LOGIN, clock)))).startsWith("HTTP/1.1 200 ");
            assertThat(gateway.credentials().fetchFailures()).isPositive();
        }
    }

    @Test
    void key_unknown_makesItAskOnceInAWhile() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                JwksServer keys = new JwksServer(TestIssuer.jwks(LOGIN)).caches("max-age=3600");
                Gateway gateway = Gateway.serving(fetched(upstream, keys), clock);
                RawClient client = gateway.connect()) {
            String old = token(LOGIN, clock);
            assertThat(client.get("/pets", bearer(old))).startsWith("HTTP/1.1 200 ");
            assertThat(keys.requests()).isEqualTo(1);

            // Nobody may make the gateway ask as often as he likes.
            String next = token(NEXT, clock);
            for (int i = 0; i < 5; i++) {
                assertRefused(client.get("/pets", bearer(token(NEXT, clock))), Outcome.TOKEN_INVALID);
            }
            assertThat(keys.requests()).isEqualTo(1);

            keys.serves(TestIssuer.jwks(LOGIN, NEXT));
            clock.pass(10_000);
            assertThat(client.get("/pets", bearer(token(NEXT, clock)))).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", bearer(next))).startsWith("HTTP/1.1 200 ");
            assertThat(keys.requests()).isEqualTo(2);

            // The old key is taken back: what was found by it is not told any more once the new set is here.
            keys.serves(TestIssuer.jwks(NEXT));
            clock.pass(10_000);
            assertRefused(
                    client.get("/pets", bearer(token(TestIssuer.of("k3", "ES256"), clock))), Outcome.TOKEN_INVALID);
            assertThat(keys.requests()).isEqualTo(3);
            assertRefused(client.get("/pets", bearer(old)), Outcome.TOKEN_INVALID);
            assertThat(client.get("/pets", bearer(next))).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void keys_keptThroughFailuresConfigurationsAndRestarts(@TempDir Path directory) {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                JwksServer keys = new JwksServer(TestIssuer.jwks(LOGIN))) {
            Catalog catalog = fetched(upstream, keys);
            try (Gateway gateway = Gateway.keepingKeys(catalog, clock, directory);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", bearer(token(LOGIN, clock)))).startsWith("HTTP/1.1 200 ");
                keys.fails(500);
                gateway.serve(catalog.tokenIssuer(
                        "login", issuer -> issuer.setJwksUrl(keys.url()).setClockSkewSeconds(5)));
                clock.pass(10_000);
                assertRefused(client.get("/pets", bearer(token(NEXT, clock))), Outcome.TOKEN_INVALID);
                assertThat(client.get("/pets", bearer(token(LOGIN, clock)))).startsWith("HTTP/1.1 200 ");
                Path file = directory.resolve(id("token-issuer", "login"));
                Await.until("the keys are on disk", () -> file.toFile().isFile());
            }
            try (Gateway gateway = Gateway.keepingKeys(catalog, clock, directory);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", bearer(token(LOGIN, clock)))).startsWith("HTTP/1.1 200 ");
                assertThat(gateway.credentials().fetches()).isZero();
                // They are of this place only, and go with their issuer.
                gateway.serve(catalog.tokenIssuer("login", issuer -> issuer.setJwksUrl(keys.url() + "/other")));
                assertThat(client.get("/pets", bearer(token(LOGIN, clock)))).contains("issuer-unavailable");
                gateway.serve(catalog.tokenIssuer("login", issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN))));
                Path file = directory.resolve(id("token-issuer", "login"));
                Await.until("the keys are gone", () -> !file.toFile().exists());
            }
        }
    }

    @Test
    void client_leavesWhileItsKeysAreFetched_isCountedAndForgotten() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                JwksServer keys = new JwksServer(TestIssuer.jwks(LOGIN)).holds(open);
                Gateway gateway = Gateway.serving(fetched(upstream, keys), clock)) {
            try (RawClient client = gateway.connect()) {
                client.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + bearer(token(LOGIN, clock)) + "\r\n\r\n");
                Await.until("it waits", () -> gateway.counters().inFlight() == 1);
            }
            Await.until("it ended", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 1);
            open.countDown();
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.ABORTED);
        }
    }

    @Test
    void configuration_changedWhileACallWaits_whatWasFoundBeforeIsForgotten() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        String page = "pets ".repeat(1_000);
        String answer =
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + page.length() + "\r\n\r\n" + page;
        try (RawUpstream upstream = RawUpstream.answering(answer);
                JwksServer keys = new JwksServer(TestIssuer.jwks(LOGIN)).holds(open)) {
            Catalog catalog = fetched(upstream, keys)
                    .policy(
                            "small",
                            policy -> policy.setCompression(Compression.newBuilder()
                                    .addEncodings(ContentCoding.CONTENT_CODING_GZIP)
                                    .setLevel(CompressionLevel.COMPRESSION_LEVEL_FASTEST)
                                    .addContentTypes("text/*")));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient elsewhere = gateway.connect();
                    RawClient plain = gateway.connect()) {
                String token = bearer(token(LOGIN, clock));
                elsewhere.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + token + "\r\n\r\n");
                plain.send("GET /pets HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nX-Token: " + token(LOGIN, clock)
                        + "\r\n" + token + "\r\n\r\n");
                Await.until("both wait", () -> gateway.counters().inFlight() == 2);
                // Tokens are presented elsewhere from now on, and nothing is compressed.
                gateway.serve(catalog.remove("policy", "small")
                        .jwt("login", policy -> policy.clearHeaderNames().addHeaderNames("X-Token")));
                open.countDown();
                assertThat(elsewhere.readMessage()).startsWith("HTTP/1.1 401 ").contains("credential-missing");
                assertThat(plain.readMessage())
                        .startsWith("HTTP/1.1 200 ")
                        .doesNotContainIgnoringCase("content-encoding")
                        .endsWith(page);
            }
        }
    }
}
