package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import java.security.SecureRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, who does not, and what each is told. */
class RefusalTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog = catalog()
            .service("pets", upstream.port())
            .route("pets", "/pets", "pets")
            .plan("gold", perMinute(3));

    private static void assertProblem(String answer, int status, String word) {
        assertThat(answer)
                .matches("(?s)HTTP/1\\.[01] " + status + " .*")
                .contains("application/problem+json")
                .contains("\"type\":\"urn:tollgate:problem:" + word + "\"")
                .contains("\"status\":" + status)
                .contains("\"instance\":\"urn:tollgate:request:");
    }

    @Test
    void call_withoutKey_is401WithAChallenge() {
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            String answer = client.get("/pets");

            assertProblem(answer, 401, "key-missing");
            assertThat(answer).containsIgnoringCase("www-authenticate: ApiKey realm=\"tollgate\"\r\n");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.REFUSED);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void call_withBadKeys_saysWhatIsWrong() {
        catalog.consumer("acme", "gold");
        String expired = catalog.key("acme", key -> key.setExpiresAtMillis(1));
        String revoked = catalog.key("acme", key -> key.setRevoked(true));
        String unknown =
                ApiKey.issue(ApiKey.Environment.LIVE, new SecureRandom()).text();
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertProblem(client.get("/pets", "X-Api-Key: nonsense"), 401, "key-malformed");
            assertProblem(client.get("/pets", "X-Api-Key: " + unknown), 401, "key-unknown");
            assertProblem(client.get("/pets", "X-Api-Key: " + expired), 401, "key-expired");
            assertProblem(client.get("/pets", "X-Api-Key: " + revoked), 401, "key-revoked");
            assertThat(gateway.usage().calls().get(3).consumerLow())
                    .as("a refusal is counted for whom it refused")
                    .isEqualTo(UUID.fromString(Catalog.id("consumer", "acme")).getLeastSignificantBits());
        }
    }

    @Test
    void call_ofDisabledConsumer_is403() {
        catalog.consumer("acme", "gold");
        String key = catalog.key("acme");
        catalog.consumer("acme", consumer -> consumer.setEnabled(false));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertProblem(client.get("/pets", "X-Api-Key: " + key), 403, "consumer-disabled");
        }
    }

    @Test
    void call_withoutSubscription_is403() {
        catalog.consumer("acme", consumer -> consumer);
        String key = catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertProblem(client.get("/pets", "X-Api-Key: " + key), 403, "not-entitled");
        }
    }

    @Test
    void call_withKeyInHeader_reachesTheUpstreamWithoutKeyAndWithIdentity() {
        catalog.consumer("acme", "gold");
        String key = catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            String answer = client.get(
                    "/pets?api_key=leftover&color=red", "x-aPi-kEy: " + key, "x-consumer-id: forged", "X-PLAN-NAME: x");

            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(answer).contains("RateLimit: \"gold\";r=2;t=", "RateLimit-Policy: \"gold\";q=3;w=60\r\n");
            assertThat(upstream.requests()).singleElement().satisfies(request -> {
                assertThat(request).startsWith("GET /pets?color=red HTTP/1.1\r\n");
                assertThat(request)
                        .doesNotContain(key)
                        .doesNotContain("forged")
                        .doesNotContainIgnoringCase("api-key")
                        .doesNotContain("X-PLAN-NAME: x");
                assertThat(request).contains("X-Consumer-Id: " + Catalog.id("consumer", "acme") + "\r\n");
                assertThat(request).contains("X-Consumer-Name: acme\r\n", "X-Plan-Name: gold\r\n");
                assertThat(request).contains("X-Credential-Id: " + Catalog.id("credential", key) + "\r\n");
            });
            assertThat(gateway.usage().calls()).singleElement().satisfies(call -> {
                assertThat(call.outcomeClass()).isEqualTo(OutcomeClass.SUCCESS);
                assertThat(call.planLow())
                        .isEqualTo(UUID.fromString(Catalog.id("plan", "gold")).getLeastSignificantBits());
            });
        }
    }

    @Test
    void call_withKeyInQuery_isStrippedAlsoWhenItsNameIsEscaped() {
        catalog.consumer("acme", "gold");
        String key = catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets?a=1&api%5Fkey=" + key + "&b=%2F")).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests()).singleElement().asString().startsWith("GET /pets?a=1&b=%2F HTTP/1.1\r\n");
        }
    }

    @Test
    void call_withKeyAsBearer_passesInEitherCaseOfTheScheme() {
        catalog.policy("bearer", policy -> {
            policy.getKeyAuthBuilder().addHeaderNames("Authorization");
            return policy;
        });
        catalog.consumer("acme", "gold");
        String key = catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", "Authorization: Bearer " + key)).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", "authorization: bearer " + key)).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests()).hasSize(2).noneMatch(request -> request.contains(key));
        }
    }

    @Test
    void call_pastTheLimit_is429WithItsFields() {
        catalog.consumer("acme", "gold");
        String key = "X-Api-Key: " + catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/pets", key)).startsWith("HTTP/1.1 200 ");
            }
            String answer = client.get("/pets", key);

            assertProblem(answer, 429, "rate-limited");
            assertThat(answer).containsPattern("(?i)retry-after: (19|20)\r\n");
            assertThat(answer).contains("RateLimit: \"gold\";r=0;t=", "RateLimit-Policy: \"gold\";q=3;w=60\r\n");
            assertThat(gateway.usage().classes())
                    .containsExactly(
                            OutcomeClass.SUCCESS, OutcomeClass.SUCCESS, OutcomeClass.SUCCESS, OutcomeClass.REFUSED);

            catalog.route("more", "/more", "pets");
            gateway.serve(catalog);
            assertThat(client.get("/pets", key))
                    .as("a new revision resets no count")
                    .startsWith("HTTP/1.1 429 ");
        }
    }

    @Test
    void call_thatTheGatewayFails_costsNothing() {
        catalog.service("pets", upstream.port(), service -> service.setEnabled(false));
        catalog.consumer("acme", "gold");
        String key = "X-Api-Key: " + catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 5; i++) {
                String answer = client.get("/pets", key);
                assertProblem(answer, 503, "service-disabled");
                assertThat(answer).contains("Proxy-Status: tollgate; error=destination_unavailable\r\n");
            }
        }
    }

    @Test
    void call_offTheMap_is404AndOnTheWrongMethod405() {
        catalog.route(
                "orders", "/orders", "pets", route -> route.addMethods("POST").addMethods("GET"));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertProblem(client.get("/nowhere"), 404, "route-not-found");
            client.send("DELETE /orders HTTP/1.1\r\nHost: a\r\n\r\n");
            String answer = client.readMessage();
            assertProblem(answer, 405, "method-not-allowed");
            assertThat(answer).containsPattern("(?i)allow: GET, POST\r\n");
        }
    }

    @Test
    void head_refused_hasNoBodyAndLogsNone() throws InterruptedException {
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            client.send("HEAD /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
            assertThat(gateway.logged())
                    .contains("\"outcome\":\"route-not-found\"")
                    .contains("\"bytes_out\":0,");
        }
    }

    @Test
    void call_noRoomInTheMeter_isRefusedOrServedAsThePlanSays() {
        catalog.plan(
                "open-handed",
                plan -> plan.setAllRoutes(true)
                        .setWhenUnmetered(io.tollgate.proto.config.v1.WhenUnmetered.WHEN_UNMETERED_SERVE));
        catalog.consumer("acme", "gold").consumer("lucky", "open-handed");
        String refused = "X-Api-Key: " + catalog.key("acme");
        String served = "X-Api-Key: " + catalog.key("lucky");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            gateway.usage().fill();
            assertProblem(client.get("/pets", refused), 503, "unmetered");
            assertThat(client.get("/pets", served)).startsWith("HTTP/1.1 200 ");
            assertThat(gateway.usage().unmetered()).isEqualTo(1);
        }
    }

    @Test
    void call_targetsWithoutWeight_is503() {
        catalog.open()
                .service(
                        "pets",
                        upstream.port(),
                        service -> service.setTargets(
                                0, service.getTargets(0).toBuilder().setWeight(0)));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertProblem(client.get("/pets"), 503, "no-target");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /../a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a/..;/b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://b/b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
                "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void request_invalid_is400(String request) {
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            client.send(request);
            assertProblem(client.readMessage(), 400, "bad-request");
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.REFUSED);
        }
    }

    @Test
    void version_notSpoken_is400WithAProblem() {
        try (Gateway gateway = Gateway.serving(catalog)) {
            for (String request :
                    new String[] {"PRI * HTTP/2.0\r\n\r\nno preface\r\n", "GET / HTTP/3.0\r\nHost: a\r\n\r\n"}) {
                try (RawClient client = gateway.connect()) {
                    client.send(request);
                    assertProblem(client.readMessage(), 400, "bad-request");
                }
            }
        }
    }

    @Test
    void request_tooLong_is414Or431() {
        try (Gateway gateway = Gateway.serving(catalog)) {
            try (RawClient client = gateway.connect()) {
                client.send("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertProblem(client.readMessage(), 414, "uri-too-long");
            }
            try (RawClient client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(17_000) + "\r\n\r\n");
                assertProblem(client.readMessage(), 431, "header-too-large");
            }
        }
    }
}
