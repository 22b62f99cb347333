package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.FixedAnswer;
import io.tollgate.proto.config.v1.KeyAuth;
import io.tollgate.proto.config.v1.KeyEnvironment;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** On what terms a key is taken, and what of it the upstream gets. */
class KeyTermsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog = catalog()
            .service("pets", upstream.port())
            .route("pets", "/pets", "pets")
            .plan("gold", perMinute(1_000))
            .consumer("acme", "gold");

    private void keyAuth(UnaryOperator<KeyAuth.Builder> more) {
        catalog.policy(
                "keys",
                policy -> policy.setKeyAuth(more.apply(KeyAuth.newBuilder()
                        .addHeaderNames("X-Api-Key")
                        .addHeaderNames("X-Partner-Key")
                        .addQueryParameters("api_key"))));
    }

    @Test
    void key_ofOtherNetworks_isRefusedAndCountedAsItsConsumers() {
        String near = catalog.key("acme", key -> key.addNetworks("10.0.0.0/8").addNetworks("127.0.0.0/8"));
        String far = catalog.key("acme", key -> key.addNetworks("192.0.2.0/24").addNetworks("2001:db8::/32"));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", "X-Api-Key: " + near)).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", "X-Api-Key: " + far))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("urn:tollgate:problem:key-network");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void key_ofTheWrongEnvironment_isRefused() {
        String test = catalog.key("acme", key -> key.setEnvironment(KeyEnvironment.KEY_ENVIRONMENT_TEST));
        String live = catalog.key("acme");
        keyAuth(policy -> policy.addEnvironments(KeyEnvironment.KEY_ENVIRONMENT_LIVE));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", "X-Api-Key: " + test))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("urn:tollgate:problem:key-environment");
            assertThat(client.get("/pets", "X-Api-Key: " + live)).startsWith("HTTP/1.1 200 ");

            keyAuth(policy -> policy);
            gateway.serve(catalog);
            assertThat(client.get("/pets", "X-Api-Key: " + test)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void key_inSeveralPlaces_isTakenOutOfAllOfThem() {
        String key = catalog.key("acme");
        keyAuth(policy -> policy);
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get(
                            "/pets?a=1&api_key=" + key + "&b=2&api_key=" + key,
                            "X-Api-Key: " + key,
                            "x-partner-key: " + key,
                            "X-Partner-Key: other"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests())
                    .singleElement()
                    .asString()
                    .startsWith("GET /pets?a=1&b=2 HTTP/1.1\r\n")
                    .doesNotContain(key)
                    .doesNotContainIgnoringCase("partner-key");
        }
    }

    @Test
    void key_thatIsKept_reachesTheUpstream() {
        String key = catalog.key("acme");
        keyAuth(policy -> policy.setKeepKey(true));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets?api_key=" + key, "X-Partner-Key: " + key))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests())
                    .singleElement()
                    .asString()
                    .startsWith("GET /pets?api_key=" + key + " HTTP/1.1\r\n")
                    .containsIgnoringCase("x-partner-key: " + key + "\r\n");
        }
    }

    @Test
    void policy_withoutPlaces_looksForNoKey() {
        String key = catalog.key("acme");
        catalog.policy("keys", policy -> policy.setKeyAuth(KeyAuth.newBuilder()));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            for (List<String> fields : List.of(List.<String>of(), List.of("X-Api-Key: " + key))) {
                assertThat(client.get("/pets", fields.toArray(String[]::new)))
                        .startsWith("HTTP/1.1 401 ")
                        .contains("urn:tollgate:problem:credential-missing");
            }
            catalog.policy(
                    "keys", policy -> policy.setKeyAuth(KeyAuth.newBuilder().setAnonymousAllowed(true)));
            gateway.serve(catalog);
            assertThat(client.get("/pets", "X-Api-Key: " + key)).startsWith("HTTP/1.1 200 ");
            assertThat(gateway.usage().calls().get(2).consumerLow())
                    .as("nobody was asked")
                    .isZero();
        }
    }

    @Test
    void key_withASuccessor_isToldSo() {
        RawUpstream outdated = RawUpstream.answering("HTTP/1.1 200 OK\r\nDeprecation: @1\r\nContent-Length: 0\r\n\r\n");
        catalog.service("pets", outdated.port());
        String old = catalog.key(
                "acme", key -> key.setDeprecatedAtMillis(1_688_169_599_999L).setExpiresAtMillis(4_102_444_805_000L));
        String expired =
                catalog.key("acme", key -> key.setDeprecatedAtMillis(1_000).setExpiresAtMillis(2_000));
        String fresh = catalog.key("acme");
        catalog.action(
                "fixed",
                "/fixed",
                route -> route.setFixedAnswer(FixedAnswer.newBuilder().setStatus(200)));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            for (String path : List.of("/pets", "/fixed")) {
                assertThat(client.get(path, "X-Api-Key: " + old))
                        .startsWith("HTTP/1.1 200 ")
                        .containsOnlyOnce("Deprecation: ")
                        .contains("Deprecation: @1688169599\r\n", "Sunset: Fri, 01 Jan 2100 00:00:05 GMT\r\n");
            }
            assertThat(client.get("/pets", "X-Api-Key: " + expired))
                    .contains("key-expired", "Deprecation: @1\r\n", "Sunset: Thu, 01 Jan 1970 00:00:02 GMT\r\n");
            assertThat(client.get("/pets", "X-Api-Key: " + fresh))
                    .contains("Deprecation: @1\r\n")
                    .doesNotContain("Sunset");
        }
    }

    @Test
    void key_ofElsewhere_isTakenWhereThePolicySaysSo() {
        String secret = "f3a91c07be254d8895aa0c6f1e7b42d0";
        catalog.foreignKey(secret, "acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", "X-Api-Key: " + secret)).contains("urn:tollgate:problem:key-malformed");
            keyAuth(policy -> policy.setForeignKeys(true));
            gateway.serve(catalog);
            assertThat(client.get("/pets", "X-Api-Key: " + secret)).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", "X-Api-Key: x" + secret)).contains("urn:tollgate:problem:key-unknown");
            assertThat(client.get("/pets", "X-Api-Key: short")).contains("urn:tollgate:problem:key-malformed");
            assertThat(upstream.requests()).hasSize(1);
        }
    }
}
