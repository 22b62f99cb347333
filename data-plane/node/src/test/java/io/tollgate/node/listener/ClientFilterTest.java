package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.explain.ExplainQuestion;
import io.tollgate.engine.explain.Explainer;
import io.tollgate.engine.policy.ClientFilterPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.ClientFilter;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Methods and clients that nobody may come with. */
class ClientFilterTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String REFUSED = "urn:tollgate:problem:client-refused";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog = catalog().service("pets", upstream.port()).route("pets", "/pets", "pets");

    private Catalog filtering(ClientFilter.Builder filter) {
        return catalog.policy("clients", policy -> policy.setClientFilter(filter));
    }

    @Test
    void methods_thatAreNotTaken_get405BeforeAKeyIsLookedAt() {
        try (Gateway gateway =
                        Gateway.serving(filtering(ClientFilter.newBuilder().addDeniedMethods("DELETE")));
                RawClient client = gateway.connect()) {
            client.send("DELETE /pets HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 405 ")
                    .containsIgnoringCase("allow: GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n")
                    .contains("urn:tollgate:problem:method-not-allowed");
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 401 ");

            catalog.route(
                    "pets", "/pets", "pets", route -> route.addMethods("GET").addMethods("PUT"));
            gateway.serve(
                    filtering(ClientFilter.newBuilder().addAllowedMethods("GET").addAllowedMethods("HEAD")));
            client.send("PUT /pets HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: GET\r\n");
            assertThat(explained(gateway, "PUT", "App/1"))
                    .isEqualTo("method-not-allowed: policy clients does not let PUT through");
        }
    }

    @Test
    void userAgents_thatAreNotTaken_get403() {
        catalog.open();
        ClientFilter.Builder filter = ClientFilter.newBuilder()
                .addAllowedUserAgents("^App/[0-9]+")
                .addAllowedUserAgents("(?i)mozilla")
                .addDeniedUserAgents("(?i)badbot");
        try (Gateway gateway = Gateway.serving(filtering(filter));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", "User-Agent: App/7 (x)")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", "User-Agent: MOZILLA/5.0")).startsWith("HTTP/1.1 200 ");
            for (String refused : List.of("My App/7", "Mozilla/5.0 BadBot", "App/" + "7".repeat(2_000))) {
                assertThat(client.get("/pets", "User-Agent: " + refused))
                        .startsWith("HTTP/1.1 403 ")
                        .contains(REFUSED);
            }
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 403 ");
            assertThat(client.get("/pets", "User-Agent: App/7", "User-Agent: badbot"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(explained(gateway, "GET", "badbot"))
                    .isEqualTo("client-refused: policy clients does not take User-Agent badbot");
            assertThat(explained(gateway, "GET", "")).endsWith("does not take clients without User-Agent");
            assertThat(explained(gateway, "GET", "App/1")).startsWith("ok: ");

            gateway.serve(filtering(ClientFilter.newBuilder().addDeniedUserAgents("^$")));
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 403 ");
            assertThat(client.get("/pets", "User-Agent: a")).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String explained(Gateway gateway, String method, String userAgent) {
        List<ExplainQuestion.Header> headers =
                userAgent.isEmpty() ? List.of() : List.of(new ExplainQuestion.Header("User-Agent", userAgent));
        return Explainer.explain(
                        gateway.configuration(),
                        new ExplainQuestion(method, "", "/pets", headers, ExplainQuestion.Caller.ANONYMOUS, 0))
                .admission();
    }

    @Test
    void policies_ofTheSameWords_areTheSame() {
        try (Gateway gateway = Gateway.serving(
                filtering(ClientFilter.newBuilder().addDeniedMethods("PUT").addDeniedUserAgents("^$")))) {
            ClientFilterPolicy before = policy(gateway);
            gateway.serve(
                    filtering(ClientFilter.newBuilder().addDeniedMethods("PUT").addDeniedUserAgents("^$")));
            assertThat(policy(gateway)).isEqualTo(before);
        }
    }

    private static ClientFilterPolicy policy(Gateway gateway) {
        return Objects.requireNonNull(
                gateway.configuration().policiesByOrdinal().get(0).find(PolicyType.CLIENT_FILTER));
    }
}
