package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.admin.client.invoker.ApiException;
import io.tollgate.admin.client.invoker.ApiResponse;
import io.tollgate.admin.client.model.Plan;
import io.tollgate.admin.client.model.RateWindow;
import io.tollgate.admin.client.model.Route;
import io.tollgate.admin.client.model.Service;
import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.Load;
import io.tollgate.e2e.harness.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A change reaches two nodes, the answer says so truthfully, and no call in flight notices. */
class ConfigurationIT {
    private static final int EDITS = 1_000;
    private static final Duration REVOCATION_TIME_MAX = Duration.ofSeconds(1);

    private static Cluster cluster;
    private static Admin admin;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("configuration", 2);
        admin = cluster.admin();
        admin.service("sample", cluster.upstream().port());
        admin.route("pets", "sample", "/pets");
        admin.plan("open");
        key = admin.subscriber("acme", "open");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static int status(NodeProcess node, String path, String presented) throws IOException {
        try (Caller caller = new Caller(node.proxyPort())) {
            return caller.get(path, presented).status();
        }
    }

    @Test
    void change_waitedFor_isLiveOnBothNodes() throws Exception {
        assertThat(status(cluster.node(1), "/bytes/3", key)).isEqualTo(404);

        ApiResponse<Route> created = admin.routes()
                .createRouteWithHttpInfo(Admin.prefixRoute("bytes", "sample", "/bytes"), null, Admin.WAIT);

        assertThat(created.getStatusCode()).isEqualTo(201);
        assertThat(status(cluster.node(1), "/bytes/3", key)).isEqualTo(200);
        assertThat(status(cluster.node(2), "/bytes/3", key)).isEqualTo(200);
        long revision = Long.parseLong(Admin.header(created, "Tollgate-Revision"));
        assertThat(admin.node("node-1").getAppliedRevision()).isGreaterThanOrEqualTo(revision);
        assertThat(admin.node("node-2").getAppliedRevision()).isGreaterThanOrEqualTo(revision);
    }

    @Test
    void change_waitedForWhileANodeStandsStill_namesThatNode() throws Exception {
        ApiResponse<Route> created;
        cluster.node(2).process().suspend();
        try {
            created = admin.routes()
                    .createRouteWithHttpInfo(Admin.prefixRoute("status", "sample", "/status"), null, "wait=2");
        } finally {
            cluster.node(2).process().resume();
        }

        assertThat(created.getStatusCode()).isEqualTo(202);
        assertThat(Admin.header(created, "Tollgate-Pending-Nodes")).isEqualTo("node-2");
        assertThat(status(cluster.node(1), "/status/200", key)).isEqualTo(200);
        long revision = Long.parseLong(Admin.header(created, "Tollgate-Revision"));
        Await.until("node-2 catches up", Duration.ofSeconds(20), () -> {
            Long applied = admin.node("node-2").getAppliedRevision();
            return applied != null
                    && applied >= revision
                    && Boolean.TRUE.equals(admin.node("node-2").getLive());
        });
        assertThat(status(cluster.node(2), "/status/200", key)).isEqualTo(200);
    }

    @Test
    void keyRevoked_notWaitedFor_isRefusedByBothNodesWithinASecond() throws Exception {
        String mine = admin.subscriber("leaver", "open");
        assertThat(status(cluster.node(1), "/pets", mine)).isEqualTo(200);
        assertThat(status(cluster.node(2), "/pets", mine)).isEqualTo(200);

        admin.revoke("leaver", "first", null);
        long answeredNanos = System.nanoTime();
        for (int number = 1; number <= 2; number++) {
            NodeProcess node = cluster.node(number);
            Await.until(node.id() + " refuses", REVOCATION_TIME_MAX, () -> status(node, "/pets", mine) == 401);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - answeredNanos)).isLessThan(REVOCATION_TIME_MAX);
    }

    @Test
    void thousandEdits_underLoad_noCallFails() throws Exception {
        String mine = admin.subscriber("busy", "open");
        try (Load first = Load.startPaced(2, cluster.node(1).proxyPort(), "/pets/1", mine);
                Load second = Load.startPaced(2, cluster.node(2).proxyPort(), "/pets/1", mine)) {
            first.awaitWhole(100);
            Edits edits = new Edits();
            for (int i = 0; i < EDITS; i++) {
                edits.make(i);
            }
            first.awaitWhole(100);
            second.awaitWhole(100);
            first.stop();
            second.stop();

            assertThat(first.failures()).isEmpty();
            assertThat(second.failures()).isEmpty();
            assertThat(first.broken() + second.broken()).isZero();
            assertThat(first.refusedConnectionCount() + second.refusedConnectionCount())
                    .isZero();
            long answered = first.whole() + second.whole();
            Await.untilAsserted(
                    Duration.ofSeconds(20),
                    () -> assertThat(admin.usageOf("busy")).containsEntry("success", answered));
        }
        // The edits are really enforced: one more, waited for, answers 200 and not 202.
        ApiResponse<Plan> last =
                admin.plans().createPlanWithHttpInfo(new Plan().name("last").allRoutes(true), null, Admin.WAIT);
        assertThat(last.getStatusCode()).isEqualTo(201);
    }

    /** Edits of what the load is using, and of what stands beside it. */
    private static final class Edits {
        private String serviceTag = Admin.header(admin.services().getServiceWithHttpInfo("sample"), "ETag");
        private String routeTag = Admin.header(admin.routes().getRouteWithHttpInfo("pets"), "ETag");
        private String planTag = Admin.header(admin.plans().getPlanWithHttpInfo("open"), "ETag");
        private final Service service = admin.services().getService("sample");
        private final Route route = admin.routes().getRoute("pets");

        Edits() throws ApiException {}

        void make(int number) throws ApiException {
            switch (number % 5) {
                case 0 -> {
                    service.setIdleTimeoutMillis(30_000 + number);
                    serviceTag = Admin.header(
                            admin.services().putServiceWithHttpInfo("sample", service, serviceTag, null), "ETag");
                }
                case 1 -> {
                    route.setMethods(number % 2 == 0 ? List.of("GET") : List.of("GET", "POST"));
                    routeTag = Admin.header(admin.routes().putRouteWithHttpInfo("pets", route, routeTag, null), "ETag");
                }
                case 2 -> {
                    Plan plan = new Plan().name("open").allRoutes(true);
                    plan.addRateLimitsItem(
                            new RateWindow().requests(1_000_000 + number).windowSeconds(1));
                    planTag = Admin.header(admin.plans().putPlanWithHttpInfo("open", plan, planTag, null), "ETag");
                }
                case 3 ->
                    admin.routes()
                            .createRoute(Admin.prefixRoute("side-" + number, "sample", "/side/" + number), null, null);
                default -> {
                    String name = "side-" + (number - 1);
                    String tag = Admin.header(admin.routes().getRouteWithHttpInfo(name), "ETag");
                    admin.routes().deleteRoute(name, tag, null);
                }
            }
        }
    }
}
