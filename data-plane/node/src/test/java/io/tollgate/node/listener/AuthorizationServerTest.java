package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static io.tollgate.node.fixture.Catalog.signingKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.explain.ExplainQuestion;
import io.tollgate.engine.explain.Explainer;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.JwksServer;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Access;
import io.tollgate.proto.config.v1.AccessEffect;
import io.tollgate.proto.config.v1.AccessRule;
import io.tollgate.proto.config.v1.KeyEnvironment;
import io.tollgate.proto.config.v1.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tokens that nodes issue for API keys, through real sockets. */
class AuthorizationServerTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String GRANT = "grant_type=client_credentials";
    private static final SigningKey FIRST = signingKey("s1", 1_000);

    private final ManualClock clock = new ManualClock();

    private static Catalog catalogOf(RawUpstream upstream, SigningKey... keys) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .consumer("acme", "gold")
                .authorizationServer("partners", server -> server, keys)
                .jwt("partners", policy -> policy);
    }

    private static String ask(RawClient client, String form, String... fields) {
        StringBuilder more = new StringBuilder();
        for (String field : fields) {
            more.append(field).append("\r\n");
        }
        client.send("POST /partners/token HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" + more
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length() + "\r\n\r\n"
                + form);
        return client.readMessage();
    }

    private static String post(String id, String secret) {
        return GRANT + "&client_id=" + id + "&client_secret=" + secret;
    }

    private static String basic(String id, String secret) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.US_ASCII));
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static String tokenOf(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        Matcher token = Pattern.compile("\"access_token\":\"([^\"]+)\"").matcher(answer);
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    private static String part(String token, int index) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]), StandardCharsets.UTF_8);
    }

    @Test
    void key_asSecret_getsTokensThatProveItsConsumer() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            String key = catalog.key("acme", one -> one.addScopes("read").addScopes("write"));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String answer = ask(client, post("acme", key));
                assertThat(answer)
                        .contains("\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"read write\"")
                        .containsIgnoringCase("\r\ncache-control: no-store\r\n")
                        .containsIgnoringCase("\r\npragma: no-cache\r\n")
                        .containsIgnoringCase("\r\ncontent-type: application/json\r\n");
                String token = tokenOf(answer);
                long now = clock.epochMillis() / 1_000;
                assertThat(part(token, 0)).isEqualTo("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"s1\"}");
                assertThat(part(token, 1))
                        .contains(
                                "\"iss\":\"http://127.0.0.1/partners\"",
                                "\"sub\":\"" + id("consumer", "acme") + "\"",
                                "\"aud\":\"https://api.example.com\"",
                                "\"client_id\":\"acme\"",
                                "\"iat\":" + now + ",\"exp\":" + (now + 300),
                                "\"scope\":\"read write\"")
                        .doesNotContain(key);
                // In the head, by each of its names, and for less.
                String narrow = tokenOf(ask(client, GRANT + "&scope=read", basic(id("consumer", "acme"), key)));
                assertThat(part(narrow, 1)).contains("\"scope\":\"read\"");
                tokenOf(ask(client, GRANT, basic(id("credential", key), key)));

                assertThat(gateway.usage().calls()).isEmpty();
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                assertThat(upstream.requests().get(0))
                        .contains(
                                "X-Consumer-Name: acme",
                                "X-Credential-Id: " + id("credential", key),
                                "X-Credential-Scopes: read write")
                        .doesNotContain(token);
                assertThat(gateway.usage().calls())
                        .hasSize(1)
                        .allMatch(call -> call.consumerLow()
                                == UUID.fromString(id("consumer", "acme")).getLeastSignificantBits());
                gateway.serve(catalog.policy(
                        "access",
                        policy -> policy.setAccess(Access.newBuilder()
                                .addRules(AccessRule.newBuilder()
                                        .setEffect(AccessEffect.ACCESS_EFFECT_ALLOW)
                                        .addScopes("write")))));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                assertThat(client.get("/pets", bearer(narrow))).contains("scope-missing");
                clock.pass(300_000);
                assertThat(client.get("/pets", bearer(token))).contains("token-expired");
            }
        }
    }

    @Test
    void secret_notGood_isToldTheSameWhateverIsWrong() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST)
                    .authorizationServer(
                            "partners", server -> server.addEnvironments(KeyEnvironment.KEY_ENVIRONMENT_LIVE), FIRST)
                    .consumer("globex", "gold")
                    .consumer("away", consumer -> consumer.setEnabled(false));
            String good = catalog.key("acme");
            String[] bad = {
                post("globex", good),
                post("nobody", good),
                post("acme", good.substring(1)),
                post("acme", "tg_live_x"),
                post("acme", catalog.key("acme", one -> one.setRevoked(true))),
                post("acme", catalog.key("acme", one -> one.setExpiresAtMillis(clock.epochMillis()))),
                post("acme", catalog.key("acme", one -> one.setEnvironment(KeyEnvironment.KEY_ENVIRONMENT_TEST))),
                post("acme", catalog.key("acme", one -> one.addNetworks("192.0.2.0/24"))),
                post("away", catalog.key("away")),
                GRANT,
                GRANT + "&client_id=acme",
            };
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                tokenOf(ask(client, post("acme", good)));
                for (String form : bad) {
                    assertThat(ask(client, form))
                            .as(form)
                            .startsWith("HTTP/1.1 401 ")
                            .containsIgnoringCase("\r\nwww-authenticate: Basic realm=\"tollgate\"\r\n")
                            .contains(
                                    "{\"error\":\"invalid_client\",\"error_description\":\"nobody is known by this id and"
                                            + " secret\"}");
                }
                // More than one way to prove itself is no better than none (RFC 6749, 5.2), and said before anything is
                // known.
                assertThat(ask(client, post("acme", good), basic("acme", good)))
                        .startsWith("HTTP/1.1 400 ")
                        .contains("\"invalid_request\"")
                        .doesNotContainIgnoringCase("www-authenticate");
                assertThat(ask(client, GRANT, "Authorization: Bearer " + good)).contains("invalid_client");
                assertThat(ask(client, GRANT, "Authorization: Basic !")).contains("invalid_client");
            }
        }
    }

    @Test
    void request_notAsItMustBe_isRefusedInTheWordsOfOauth() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            String key = catalog.key("acme", one -> one.addScopes("read"));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String good = post("acme", key);
                assertThat(ask(client, good.replace("client_credentials", "password")))
                        .startsWith("HTTP/1.1 400 ")
                        .contains("\"unsupported_grant_type\"");
                assertThat(ask(client, good.replace("grant_type", "grant"))).contains("\"invalid_request\"");
                assertThat(ask(client, good + "&client_id=acme")).contains("\"invalid_request\"");
                assertThat(ask(client, good + "&x=%zz")).contains("\"invalid_request\"");
                assertThat(ask(client, good + "&scope=read+write"))
                        .startsWith("HTTP/1.1 400 ")
                        .contains("\"invalid_scope\"");
                assertThat(ask(client, good + "&scope=%20"))
                        .startsWith("HTTP/1.1 400 ")
                        .contains("\"invalid_scope\"");
                assertThat(ask(client, good + "&scope=read+read")).contains("\"scope\":\"read\"");
                client.send("GET /partners/token HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: POST");
                client.send("POST /partners/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 2\r\n\r\n{}");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 400 ").contains("the body is no form");
                client.send("POST /partners/token HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(good.length()) + "\r\n" + good + "\r\n0\r\n\r\n");
                tokenOf(client.readMessage());
                client.send("POST /partners/token HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 40000\r\n\r\n"
                        + "x".repeat(40_000));
                assertThat(client.readMessage()).startsWith("HTTP/1.1 413 ");
                // At another host there is nothing of the kind.
                client.send("POST /partners/token HTTP/1.1\r\nHost: other\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
            }
        }
    }

    @Test
    void key_takenBack_endsItsTokensAtOnce() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            String key = catalog.key("acme");
            String other = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String token = tokenOf(ask(client, post("acme", key)));
                String kept = tokenOf(ask(client, post("acme", other)));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                // Told before the revision that says so.
                gateway.revoke(2, id("credential", key));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 401 ");
                assertThat(ask(client, post("acme", key))).contains("invalid_client");
                gateway.serve(catalog.credential(key, "acme", one -> one.setRevoked(true)));
                assertThat(client.get("/pets", bearer(token)))
                        .startsWith("HTTP/1.1 401 ")
                        .contains("token-revoked")
                        .contains("error=\"invalid_token\"");
                assertThat(client.get("/pets", bearer(kept))).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.remove("credential", other));
                assertThat(client.get("/pets", bearer(kept))).contains("token-revoked");
            }
        }
    }

    @Test
    void token_holdsNoLongerThanItsKey_andOnlyFromWhereTheKeyDoes() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            String key = catalog.key("acme", one -> one.setExpiresAtMillis(clock.epochMillis() + 60_000));
            String near = catalog.key("acme", one -> one.addNetworks("127.0.0.0/8"));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String answer = ask(client, post("acme", key));
                assertThat(answer).containsPattern("\"expires_in\":(59|60)");
                String token = tokenOf(ask(client, post("acme", near)));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.credential(near, "acme", one -> one.addNetworks("192.0.2.0/24")));
                assertThat(client.get("/pets", bearer(token)))
                        .startsWith("HTTP/1.1 403 ")
                        .contains("key-network");
            }
        }
    }

    @Test
    void keys_rotated_theOldOneIsBelievedAndTheNextOneIsToldAhead() {
        SigningKey next = signingKey("s2", clock.epochMillis() + 600_000);
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String old = tokenOf(ask(client, post("acme", key)));
                gateway.serve(catalog.authorizationServer("partners", server -> server, FIRST, next));
                client.send("GET /partners/jwks.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                assertThat(client.readMessage()).contains("\"s1\"", "\"s2\"");
                assertThat(part(tokenOf(ask(client, post("acme", key))), 0)).contains("s1");
                assertThat(client.get("/pets", bearer(old))).startsWith("HTTP/1.1 200 ");
                clock.pass(600_000);
                String young = tokenOf(ask(client, post("acme", key)));
                assertThat(part(young, 0)).contains("s2");
                assertThat(client.get("/pets", bearer(young))).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.authorizationServer("partners", server -> server, FIRST));
                assertThat(client.get("/pets", bearer(young))).contains("token-invalid");
            }
        }
    }

    @Test
    void documents_letOthersBelieveItsTokens() {
        UnaryOperator<String> get = path -> "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                client.send(get.apply("/.well-known/oauth-authorization-server/partners"));
                assertThat(client.readMessage())
                        .startsWith("HTTP/1.1 200 ")
                        .contains("{\"issuer\":\"http://127.0.0.1/partners\","
                                + "\"token_endpoint\":\"http://127.0.0.1/partners/token\","
                                + "\"jwks_uri\":\"http://127.0.0.1/partners/jwks.json\","
                                + "\"grant_types_supported\":[\"client_credentials\"],\"response_types_supported\":[]");
                client.send(get.apply("/partners/jwks.json"));
                String answer = client.readMessage();
                assertThat(answer)
                        .containsIgnoringCase("application/jwk-set+json")
                        .doesNotContain("\"d\"");
                assertThat(Explainer.explain(
                                        gateway.configuration(),
                                        new ExplainQuestion(
                                                "GET",
                                                "127.0.0.1:8080",
                                                "/partners/jwks.json",
                                                List.of(),
                                                ExplainQuestion.Caller.ANONYMOUS,
                                                0))
                                .action())
                        .isEqualTo("tells the keys of partners");
                String set = answer.substring(answer.indexOf("\r\n\r\n") + 4);
                String token = tokenOf(ask(client, post("acme", key)));
                // A gateway elsewhere that knows the issuer as any other.
                try (JwksServer served = new JwksServer(set);
                        RawUpstream there = RawUpstream.answering(HELLO);
                        Gateway other = Gateway.serving(
                                catalog()
                                        .service("pets", there.port())
                                        .route("pets", "/pets", "pets")
                                        .plan("gold", perMinute(1_000))
                                        .consumer("acme", "gold")
                                        .tokenIssuer(
                                                "partners",
                                                issuer -> issuer.setIssuer("http://127.0.0.1/partners")
                                                        .clearTypes()
                                                        .addTypes("at+jwt")
                                                        .addAudiences("https://api.example.com")
                                                        .setConsumerClaim("client_id")
                                                        .setJwksUrl(served.url()))
                                        .jwt("partners", policy -> policy),
                                clock);
                        RawClient elsewhere = other.connect()) {
                    assertThat(elsewhere.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                }
            }
        }
    }

    @Test
    void guesses_areThrottled() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST).policy("guessing", policy -> {
                policy.getCredentialThrottleBuilder().setFailures(3).setWindowSeconds(60);
                return policy;
            });
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 3; i++) {
                    assertThat(ask(client, post("acme", "guess" + i))).contains("invalid_client");
                }
                assertThat(ask(client, post("acme", "guess")))
                        .startsWith("HTTP/1.1 429 ")
                        .containsIgnoringCase("retry-after");
                tokenOf(ask(client, post("acme", key)));
            }
        }
    }

    @Test
    void client_thatAsksAgain_getsTheSameTokenAtFirst() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            String key = catalog.key("acme", one -> one.addScopes("read"));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String token = tokenOf(ask(client, post("acme", key)));
                clock.pass(74_000);
                String again = ask(client, post("acme", key));
                assertThat(tokenOf(again)).isEqualTo(token);
                assertThat(again).contains("\"expires_in\":226");
                clock.pass(1_000);
                assertThat(tokenOf(ask(client, post("acme", key)))).isNotEqualTo(token);
                gateway.revoke(2, id("credential", key));
                assertThat(ask(client, post("acme", key))).contains("invalid_client");
            }
        }
    }

    @Test
    void scopes_takenFromTheKey_areGoneFromItsTokensToo() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST)
                    .policy(
                            "access",
                            policy -> policy.setAccess(Access.newBuilder()
                                    .addRules(AccessRule.newBuilder()
                                            .setEffect(AccessEffect.ACCESS_EFFECT_ALLOW)
                                            .addScopes("write"))));
            String key = catalog.key("acme", one -> one.addScopes("read").addScopes("write"));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String token = tokenOf(ask(client, post("acme", key)));
                String narrow = tokenOf(ask(client, post("acme", key) + "&scope=read"));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.credential(key, "acme", one -> one.addScopes("read")));
                assertThat(client.get("/pets", bearer(token)))
                        .startsWith("HTTP/1.1 403 ")
                        .contains("scope-missing");
                // What a token never said it does not get by its key either.
                gateway.serve(catalog.credential(
                        key, "acme", one -> one.addScopes("read").addScopes("write")));
                assertThat(client.get("/pets", bearer(token))).startsWith("HTTP/1.1 200 ");
                assertThat(client.get("/pets", bearer(narrow))).contains("scope-missing");
            }
        }
    }

    @Test
    void environments_narrowed_endTheTokensOfTheOthers() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            String live = catalog.key("acme", one -> one.setEnvironment(KeyEnvironment.KEY_ENVIRONMENT_LIVE));
            String test = catalog.key("acme", one -> one.setEnvironment(KeyEnvironment.KEY_ENVIRONMENT_TEST));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                String kept = tokenOf(ask(client, post("acme", live)));
                String ended = tokenOf(ask(client, post("acme", test)));
                assertThat(client.get("/pets", bearer(ended))).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.authorizationServer(
                        "partners", server -> server.addEnvironments(KeyEnvironment.KEY_ENVIRONMENT_LIVE), FIRST));
                assertThat(client.get("/pets", bearer(ended))).contains("token-revoked");
                assertThat(client.get("/pets", bearer(kept))).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void tokens_tooManyForOneKey_areRefusedForAWhile_andNotThoseOfOthers() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream, FIRST);
            // What is asked for again is given again, and not counted.
            String[] words = {"a", "b", "c", "d", "e", "f"};
            String greedy = catalog.key("acme", one -> one.addAllScopes(List.of(words)));
            String other = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                for (int i = 1; i <= 60; i++) {
                    StringBuilder scope = new StringBuilder("&scope=");
                    for (int bit = 0; bit < words.length; bit++) {
                        scope.append((i >> bit & 1) == 1 ? words[bit] + "+" : "");
                    }
                    tokenOf(ask(client, post("acme", greedy) + scope));
                    tokenOf(ask(client, post("acme", greedy) + scope));
                }
                assertThat(ask(client, post("acme", greedy)))
                        .startsWith("HTTP/1.1 429 ")
                        .containsIgnoringCase("\r\nretry-after: 1\r\n")
                        .containsIgnoringCase("\r\ncontent-type: application/json\r\n")
                        .contains("{\"error\":\"temporarily_unavailable\",");
                tokenOf(ask(client, post("acme", other)));
                clock.pass(100);
                tokenOf(ask(client, post("acme", greedy)));
                assertThat(ask(client, post("acme", greedy) + "&scope=b+c+d+e+f"))
                        .startsWith("HTTP/1.1 429 ");
            }
        }
    }
}
