package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.join.JoinRefused;
import io.tollgate.controlplane.join.NodeCertificates;
import io.tollgate.controlplane.join.Revocations;
import jakarta.inject.Inject;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class JoinTokensResourceTest {
    @Inject
    NodeCertificates certificates;

    @Inject
    Revocations revocations;

    @Test
    void token_issued_isShownOnceAndKeptAsDigest() {
        String node = unique("node");
        Response issued = created("/v1/join-tokens", "{\"node_id\": \"" + node + "\"}");
        String token = issued.path("token");
        String secret = token.split("\\.", -1)[2];

        assertThat(token).matches("tgj1\\.[0-9a-f]{32}\\.[A-Za-z0-9_-]{43}\\.[0-9a-f]{64}");
        issued.then().header("Cache-Control", "no-store").header("Tollgate-Warning", containsString("plain"));
        admin().get("/v1/join-tokens/" + issued.path("id"))
                .then()
                .statusCode(200)
                .body("node_id", equalTo(node))
                .body("active", equalTo(true))
                .body("used_at", nullValue())
                .body(not(containsString(secret)));
        admin().get("/v1/join-tokens?limit=500").then().body("items.id", hasItem(issued.<String>path("id")));
        assertThat(Database.count("select count(*) from join_token t where t::text like '%' || ? || '%'", secret))
                .isZero();
        assertThat(Database.count("select count(*) from audit a where a::text like '%' || ? || '%'", secret))
                .isZero();
        assertThat(Database.count(
                        "select count(*) from audit where action = 'issue' and object_kind = 'join-token' and object_name = ?",
                        node))
                .isOne();
    }

    @Test
    void token_lifetimeBeyondAWeek_isRefused() {
        post("/v1/join-tokens", "{\"expires_in_seconds\": 604801}").then().statusCode(422);
        post("/v1/join-tokens", "{\"node_id\": \"Not One\"}").then().statusCode(422);
    }

    @Test
    void token_usedByManyAtOnce_letsOneIn() throws Exception {
        String token = created("/v1/join-tokens", "{}").path("token");
        String node = unique("race");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> attempts = IntStream.range(0, 16)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        try {
                            JoinedNodes.join(token, node + "-" + i, JoinedNodes.key());
                            return true;
                        } catch (JoinRefused e) {
                            assertThat(e).hasMessageContaining("used before");
                            return false;
                        }
                    })
                    .toList();
            int in = 0;
            for (Future<Boolean> attempt : threads.invokeAll(attempts)) {
                in += attempt.get() ? 1 : 0;
            }
            assertThat(in).isOne();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void token_usedAgain_onlyByTheSameKey() throws Exception {
        String node = unique("again");
        String token = JoinedNodes.token(node);
        KeyPair key = JoinedNodes.key();
        X509Certificate lost = JoinedNodes.join(token, node, key);
        X509Certificate again = JoinedNodes.join(token, node, key);

        assertThat(again.getPublicKey()).isEqualTo(key.getPublic());
        assertThat(serials(node))
                .containsExactlyInAnyOrder(NodeCertificates.serial(lost) + "|t", NodeCertificates.serial(again) + "|f");
        assertThatThrownBy(() -> JoinedNodes.join(token, node, JoinedNodes.key()))
                .isInstanceOf(JoinRefused.class)
                .hasMessageContaining("used before");
    }

    private static List<String> serials(String node) {
        return Database.rows("select serial, revoked_at is not null from node_certificate where node_id = ?", node);
    }

    @Test
    void token_ofAnotherNodeDeletedOrExpired_letsNobodyIn() throws Exception {
        String node = unique("bound");
        String token = JoinedNodes.token(node);
        assertThatThrownBy(() -> JoinedNodes.join(token, "other-" + node, JoinedNodes.key()))
                .hasMessageContaining("not for node other-" + node);

        Response deleted = created("/v1/join-tokens", "{}");
        admin().delete("/v1/join-tokens/" + deleted.path("id")).then().statusCode(204);
        admin().get("/v1/join-tokens/" + deleted.path("id")).then().statusCode(404);
        assertThatThrownBy(() -> JoinedNodes.join(deleted.path("token"), node, JoinedNodes.key()))
                .hasMessageContaining("unknown, deleted or expired");

        Database.update(
                "update join_token set expires_at = now() - interval '1 second' where node_id = '" + node + "'");
        assertThatThrownBy(() -> JoinedNodes.join(token, node, JoinedNodes.key()))
                .hasMessageContaining("unknown, deleted or expired");
        String changed = JoinedNodes.token(node).replaceFirst("^(tgj1\\.[0-9a-f]{32}\\.)....", "$1AAAA");
        assertThatThrownBy(() -> JoinedNodes.join(changed, node, JoinedNodes.key()))
                .hasMessageContaining("unknown, deleted or expired");
    }

    @Test
    void token_ofNobody_doesNotTakeTheIdOfANodeThatIsThere() throws Exception {
        String node = unique("taken");
        JoinedNodes.join(node);
        String free = created("/v1/join-tokens", "{}").path("token");

        assertThatThrownBy(() -> JoinedNodes.join(free, node, JoinedNodes.key()))
                .hasMessageContaining("has a valid certificate");
        JoinedNodes.join(node);
        assertThat(serials(node)).filteredOn(row -> row.endsWith("|f")).hasSize(1);
    }

    @Test
    void revoked_node_hasNoGoodCertificateAndNothingToJoinWith() throws Exception {
        String node = unique("revoked");
        X509Certificate certificate = JoinedNodes.join(node);
        String spare = JoinedNodes.token(node);
        admin().post("/v1/nodes/" + node + "/revoke").then().statusCode(204);
        admin().post("/v1/nodes/" + node + "/revoke").then().statusCode(204);

        try (var connection = Database.connection();
                var statement = connection.createStatement()) {
            revocations.refresh(statement);
        }
        assertThat(revocations.contains(NodeCertificates.serial(certificate))).isTrue();
        assertThatThrownBy(() -> certificates.renew(
                        certificate, node, JoinedNodes.key().getPublic().getEncoded()))
                .isInstanceOf(JoinRefused.class)
                .hasMessageContaining("revoked");
        assertThatThrownBy(() -> JoinedNodes.join(spare, node, JoinedNodes.key()))
                .hasMessageContaining("unknown, deleted or expired");
        assertThat(Database.count(
                        "select count(*) from audit where action = 'revoke' and object_kind = 'node' and object_name = ?",
                        node))
                .isOne();
        admin().post("/v1/nodes/" + unique("nobody") + "/revoke").then().statusCode(404);
    }

    @Test
    void key_thatIsNotOnP256_isRefused() {
        String node = unique("key");
        String token = JoinedNodes.token(node);
        assertThatThrownBy(() -> {
                    java.security.KeyPairGenerator rsa = java.security.KeyPairGenerator.getInstance("RSA");
                    rsa.initialize(2048);
                    JoinedNodes.join(token, node, rsa.generateKeyPair());
                })
                .isInstanceOf(JoinRefused.class)
                .hasMessageContaining("P-256");
    }
}
