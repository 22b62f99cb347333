package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.ControlPlane;
import io.tollgate.e2e.harness.ExternalPostgres;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.JsonAdmin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tokens and teams through two control planes over one database, and a node. */
class WhoMayCallIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENVELOPE_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> services(ControlPlane controlPlane, String token)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + controlPlane.adminPort() + "/v1/services"))
                .header("Authorization", "Bearer " + token)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void token_revokedAtOneControlPlane_isRefusedByTheOtherWithTheNextCall() throws Exception {
        try (ExternalPostgres postgres = ExternalPostgres.start(Jars.emptyDirectory("who-postgresql"))) {
            Map<String, String> environment =
                    Map.of("TOLLGATE_DATABASE_URL", postgres.url(), "TOLLGATE_ENVELOPE_KEY", ENVELOPE_KEY);
            try (Cluster cluster = Cluster.start("who", 1, environment);
                    ControlPlane other = ControlPlane.start(Jars.emptyDirectory("who-other"), environment)
                            .awaitReady()) {
                JsonAdmin admin = new JsonAdmin(cluster.controlPlane());
                admin.put("/v1/services/petstore", """
                        {"name": "petstore", "targets": [{"host": "127.0.0.1", "port": 8000}]}""");
                admin.put("/v1/services/other", """
                        {"name": "other", "targets": [{"host": "127.0.0.1", "port": 8001}]}""");
                // Nodes get nothing of it, and follow all the same.
                HttpResponse<String> team =
                        admin.put("/v1/teams/pets", "{\"name\": \"pets\", \"services\": [\"petstore\"]}");
                long revision =
                        team.headers().firstValueAsLong("Tollgate-Revision").orElseThrow();
                assertThat(cluster.admin().node("node-1").getAppliedRevision()).isEqualTo(revision);

                JsonNode issued =
                        JSON.readTree(admin.send("POST", "/v1/tokens", """
                        {"subject": "pet-people", "roles": ["operator"], "teams": ["pets"]}""").body());
                String token = issued.path("token").asText();
                for (ControlPlane each : new ControlPlane[] {cluster.controlPlane(), other}) {
                    HttpResponse<String> seen = services(each, token);
                    assertThat(seen.statusCode()).as(seen.body()).isEqualTo(200);
                    assertThat(JSON.readTree(seen.body()).path("items").findValuesAsText("name"))
                            .containsExactly("petstore");
                }

                String id = issued.path("id").asText();
                assertThat(admin.send("DELETE", "/v1/tokens/" + id, "").statusCode())
                        .isEqualTo(204);
                assertThat(services(other, token).statusCode()).isEqualTo(401);
                assertThat(services(cluster.controlPlane(), token).statusCode()).isEqualTo(401);
                JsonNode audit = JSON.readTree(
                        new JsonAdmin(other).get("/v1/audit?object=" + id).body());
                assertThat(audit.path("items").findValuesAsText("action")).containsExactly("revoke", "issue");
            }
        }
    }
}
