package io.tollgate.controlplane.stream;

import static io.tollgate.controlplane.Scraped.figure;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.Await;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a control plane tells of itself at /q/metrics. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
final class FiguresTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Inject
    StreamServer server;

    @Test
    void node_connectedAndBehind_isToldUntilItAppliesAndLeaves() {
        double before = figure("tollgate_control_nodes_connected");
        double behind = figure("tollgate_control_nodes_behind");
        try (TestNode node = TestNode.dial(server.port()).hello("figures", 1)) {
            node.take();
            Await.until("the node is connected", SOON, () -> figure("tollgate_control_nodes_connected") == before + 1);
            long revision = Operator.putService("figures", 8001);
            TestNode.Received update = node.next();
            Await.until("it is behind", SOON, () -> figure("tollgate_control_nodes_behind") == behind + 1);
            assertThat(figure("tollgate_control_revision")).isEqualTo(revision);
            node.fold(update);
            node.ack(update);
            Await.until("it is not behind", SOON, () -> figure("tollgate_control_nodes_behind") == behind);
        }
        Await.until("it is gone", SOON, () -> figure("tollgate_control_nodes_connected") == before);
    }

    @Test
    void write_madeARevision_isTimed() {
        Operator.putService("timed", 8001);
        double before = figure("tollgate_control_commit_seconds_count");
        Operator.putService("timed", 8002);

        assertThat(figure("tollgate_control_commit_seconds_count")).isEqualTo(before + 1);
        assertThat(figure("tollgate_control_commit_seconds_bucket{le=\"5.0\"}")).isEqualTo(before + 1);
    }
}
