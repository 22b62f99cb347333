package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import org.junit.jupiter.api.Test;

/** Challenges of ACME through the whole house. */
class AcmeIT {
    private static final String TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private static final String AUTHORIZATION = TOKEN + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
    private static final int NODES = 2;

    @Test
    void challenge_waitedFor_isAnsweredByEveryNodeUntilItIsDeleted() throws Exception {
        try (Cluster cluster = Cluster.start("acme", NODES)) {
            JsonAdmin admin = new JsonAdmin(cluster.controlPlane());
            admin.put(
                    "/v1/acme-challenges/www",
                    "{\"name\": \"www\", \"token\": \"" + TOKEN + "\", \"key_authorization\": \"" + AUTHORIZATION
                            + "\"}");
            for (int i = 1; i <= NODES; i++) {
                Caller.Reply reply = ask(cluster, i);
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.text()).isEqualTo(AUTHORIZATION);
            }
            assertThat(admin.delete("/v1/acme-challenges/www").statusCode()).isEqualTo(204);
            for (int i = 1; i <= NODES; i++) {
                assertThat(ask(cluster, i).status()).isEqualTo(404);
            }
        }
    }

    private static Caller.Reply ask(Cluster cluster, int node) throws Exception {
        try (Caller caller = new Caller(cluster.node(node).proxyPort())) {
            return caller.get("/.well-known/acme-challenge/" + TOKEN, "");
        }
    }
}
