package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may call what, and from which pages: from the admin API to a real node. */
class AccessIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Cluster cluster;
    private static JsonAdmin admin;
    private static String acme;
    private static String other;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("access", 1);
        admin = new JsonAdmin(cluster.controlPlane());
        Admin typed = cluster.admin();
        typed.service("orders", cluster.upstream().port());
        typed.service("decisions", cluster.upstream().port());
        typed.route("orders", "orders", "/pets");
        typed.plan("gold");
        acme = typed.subscriber("acme", "gold");
        other = typed.subscriber("other", "gold");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void access(String rules) {
        admin.put("/v1/policies/who", """
                {"name": "who", "type": "access", "attachment": {"route": "orders"}, "access": {"rules": [%s]}}""".formatted(rules));
    }

    private static Caller.Reply get(String key) throws IOException {
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            return caller.get("/pets/1", key);
        }
    }

    private static String admission(String consumer, String scopes) throws IOException {
        JsonNode answer = JSON.readTree(admin.send("POST", "/v1/explain", """
                {"method": "GET", "path": "/pets/1", "consumer": "%s", "scopes": [%s], "client_address": "127.0.0.1"}""".formatted(consumer, scopes))
                .body());
        return answer.path("admission").asText();
    }

    @Test
    void consumers_namedInARule_areLetInAndOthersAreNot() throws IOException {
        access("""
                {"effect": "allow", "consumers": ["acme"], "networks": ["127.0.0.0/8", "::1"],
                 "time_windows": [{"time_zone": "Europe/Zurich"}]}""");

        assertThat(get(acme).status()).isEqualTo(200);
        Caller.Reply refused = get(other);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("urn:tollgate:problem:access-denied");
        assertThat(admission("acme", "")).isEqualTo("ok: by plan gold, rule 1 of policy who allows it");
        assertThat(admission("other", "")).isEqualTo("access-denied: no rule of policy who holds");
        assertThat(admin.delete("/v1/consumers/acme").statusCode()).isEqualTo(409);
    }

    @Test
    void keyInTheHeaders_isJudgedByControlPlaneAndNode() throws IOException {
        access("{\"effect\": \"allow\", \"expression\": \"credential.type == 'key' && consumer.name == 'acme'\"}");
        String question = """
                {"method": "GET", "path": "/pets/1", "headers": [{"name": "X-Api-Key", "value": "%s"}]}""";
        for (String key : List.of(acme, other, acme + "x")) {
            String asked = question.formatted(key);
            String here = JSON.readTree(admin.send("POST", "/v1/explain", asked).body())
                    .path("admission")
                    .asText();
            try (Caller operations = new Caller(cluster.node(1).operationsPort())) {
                Caller.Reply there = operations.call(
                        "POST",
                        "/explain",
                        "Content-Type: application/json\r\n",
                        asked.getBytes(StandardCharsets.UTF_8));
                assertThat(JSON.readTree(there.text()).path("admission").asText())
                        .isEqualTo(here)
                        .doesNotContain(key);
            }
            assertThat(here)
                    .startsWith(
                            key.equals(acme)
                                    ? "ok: acme by key "
                                    : key.equals(other) ? "access-denied: " : "key-malformed: ");
        }
    }

    @Test
    void scopesOfAKey_letItIn() throws IOException {
        access("{\"effect\": \"allow\", \"scopes\": [\"orders.read\"]}");
        assertThat(get(other).text()).contains("urn:tollgate:problem:scope-missing");
        assertThat(admission("other", ""))
                .isEqualTo("scope-missing: rule 1 of policy who would allow it with scope orders.read");
        admin.put("/v1/consumers/other/keys/first", """
                {"name": "first", "environment": "live", "scopes": ["orders.read"]}""");
        assertThat(get(other).status()).isEqualTo(200);
        assertThat(admission("other", "\"orders.read\"")).startsWith("ok: ");
    }

    @Test
    void expression_letsInOfWhomItIsTrue() throws IOException {
        access(
                "{\"effect\": \"allow\", \"expression\": \"consumer.name == 'acme' && request.path.startsWith('/pets/')\"}");
        assertThat(get(acme).status()).isEqualTo(200);
        assertThat(get(other).text()).contains("urn:tollgate:problem:access-denied");
        assertThat(admission("acme", "")).isEqualTo("ok: by plan gold, rule 1 of policy who allows it");

        access("{\"effect\": \"allow\", \"expression\": \"request.headers['x-tenant'] == 'blue'\"}");
        assertThat(get(acme).text()).contains("urn:tollgate:problem:expression-failed");
        assertThat(admission("acme", "")).startsWith("expression-failed: ");

        String refused = admin.send("PUT", "/v1/policies/wrong", """
                        {"name": "wrong", "type": "access", "access": {"rules": [
                         {"effect": "allow", "expression": "consumer.nmae == 'acme'"}]}}""").body();
        assertThat(refused).contains("/access/rules/0/expression").contains("line 1, column 1: no such member");
    }

    private static void ask(String path) {
        admin.put("/v1/policies/asking", """
                {"name": "asking", "type": "forward-auth", "attachment": {"service": "orders"},
                 "forward_auth": {"service": "decisions", "path": "%s"}}""".formatted(path));
    }

    @Test
    void serviceThatIsAsked_decides() throws IOException {
        access("{\"effect\": \"allow\"}");
        ask("/status/204");
        assertThat(get(acme).status()).isEqualTo(200);
        assertThat(admission("acme", "")).endsWith(", if service decisions says so (policy asking)");
        ask("/status/418");
        assertThat(get(acme).status()).isEqualTo(418);
        ask("/status/500");
        assertThat(get(acme).text()).contains("urn:tollgate:problem:forward-auth-unavailable");
        assertThat(admin.delete("/v1/services/decisions").statusCode()).isEqualTo(409);
        assertThat(admin.delete("/v1/policies/asking").statusCode()).isEqualTo(204);
    }

    @Test
    void methodsAndClients_thatAreNotTaken_areRefusedBeforeAKeyIsLookedAt() throws IOException {
        admin.put("/v1/policies/filter", """
                {"name": "filter", "type": "client-filter", "attachment": {"route": "orders"},
                 "client_filter": {"allowed_methods": ["GET", "HEAD"], "denied_user_agents": ["(?i)badbot"]}}""");
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            Caller.Reply method = caller.call("DELETE", "/pets/1", "", new byte[0]);
            assertThat(method.status()).isEqualTo(405);
            assertThat(method.header("Allow")).isEqualTo("GET, HEAD");
            assertThat(caller.call("GET", "/pets/1", "User-Agent: BadBot/7\r\n", new byte[0])
                            .text())
                    .contains("urn:tollgate:problem:client-refused");
        }
        assertThat(admin.delete("/v1/policies/filter").statusCode()).isEqualTo(204);
    }

    @Test
    void pageOfAnotherOrigin_mayAskAndRead() throws IOException {
        admin.put("/v1/policies/pages", """
                {"name": "pages", "type": "cors", "attachment": {"service": "orders"},
                 "cors": {"origins": ["https://*.example.org"], "headers": ["X-Api-Key"]}}""");
        String origin = "Origin: https://shop.example.org\r\n";
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            Caller.Reply preflight = caller.call(
                    "OPTIONS",
                    "/pets/1",
                    origin + "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-api-key\r\n",
                    new byte[0]);
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("https://shop.example.org");
            assertThat(preflight.header("Access-Control-Allow-Headers")).isEqualTo("x-api-key");
            Caller.Reply refused = caller.call("GET", "/pets/1", origin, new byte[0]);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo("https://shop.example.org");
            assertThat(refused.header("Vary")).isEqualTo("Origin");
            Caller.Reply foreign = caller.call("GET", "/pets/1", "Origin: https://example.org\r\n", new byte[0]);
            assertThat(foreign.header("Access-Control-Allow-Origin")).isEmpty();
        }
        assertThat(admin.delete("/v1/policies/pages").statusCode()).isEqualTo(204);
    }

    @Test
    void securityHeaders_areOnAnswersAndRefusals() throws IOException {
        admin.put("/v1/policies/careful", """
                {"name": "careful", "type": "security-headers", "security_headers": {"frame_options": "DENY"}}""");
        access("{\"effect\": \"allow\"}");
        for (Caller.Reply reply : new Caller.Reply[] {get(acme), get("")}) {
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
        }
        assertThat(admin.delete("/v1/policies/careful").statusCode()).isEqualTo(204);
    }

    @Test
    void rulesThatCannotBe_areRefusedWhereTheyAreWrong() {
        String answer = admin.send("PUT", "/v1/policies/wrong", """
                        {"name": "wrong", "type": "access", "access": {"rules": [{"effect": "allow", "networks": ["10.0.0.1/8"],
                         "time_windows": [{"time_zone": "Europe/Zurihc"}]}]}}""").body();
        assertThat(answer).contains("/access/rules/0/networks/0").contains("/access/rules/0/time_windows/0/time_zone");
    }

    @Test
    void examplesOfTheDocument_areTaken() throws Exception {
        assertThat(admin.sendExamples("authorization.md")).isEqualTo(5);
        assertThat(admin.delete("/v1/policies/office").statusCode()).isEqualTo(204);
        for (String example : List.of("tenants", "ask", "clients")) {
            assertThat(admin.delete("/v1/policies/" + example).statusCode()).isEqualTo(204);
        }
    }
}
