package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.admin.client.invoker.ApiResponse;
import io.tollgate.admin.client.model.ApiConsumer;
import io.tollgate.admin.client.model.Node;
import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.ExternalPostgres;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.NodeProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operators are told of the nodes is true when they are told. */
class NodesIT {
    private static final int CHANGES = 3;

    @Test
    void change_waitedFor_isShownOfTheNodesAtOnceHoweverSlowTheTableIs() throws Exception {
        try (ExternalPostgres postgres = ExternalPostgres.start(Jars.emptyDirectory("nodes-postgresql"));
                Cluster cluster = Cluster.start("nodes", 1, Map.of("TOLLGATE_DATABASE_URL", postgres.url()))) {
            postgres.execute("create function dawdle() returns trigger language plpgsql as"
                    + " 'begin perform pg_sleep(0.3); return new; end'");
            postgres.execute(
                    "create trigger dawdle before insert or update on node for each row execute function dawdle()");
            Admin admin = cluster.admin();
            for (int i = 0; i < CHANGES; i++) {
                ApiResponse<?> created = admin.consumers()
                        .createConsumerWithHttpInfo(new ApiConsumer().name("consumer-" + i), null, Admin.WAIT);

                assertThat(created.getStatusCode()).isEqualTo(201);
                long revision = Long.parseLong(Admin.header(created, "Tollgate-Revision"));
                assertThat(admin.node("node-1").getAppliedRevision()).isGreaterThanOrEqualTo(revision);
            }
        }
    }

    @Test
    void node_firstStart_tellsItsAddressesAndVersion() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        try (Cluster cluster = Cluster.start("node-addresses", 0)) {
            NodeProcess node = cluster.addNode("node-1", Map.of("TOLLGATE_PROXY_PORT", Integer.toString(port)));
            cluster.admin().consumers().createConsumer(new ApiConsumer().name("acme"), null, Admin.WAIT);

            Node told = cluster.admin().node("node-1");
            assertThat(told.getProxyAddress()).isEqualTo("127.0.0.1:" + port);
            assertThat(told.getOperationsAddress()).isEqualTo("127.0.0.1:" + node.operationsPort());
            assertThat(told.getVersion()).isNotEmpty().isNotEqualTo("development");
        }
    }
}
