package io.tollgate.node.discovery;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.dial.Await;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.NameServer;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Discovery;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.Target;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls to services whose instances a real name server tells, while it changes its mind. */
class DiscoveredTargetsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String NAME = "_pets._tcp.pets.test";

    private final Vertx vertx = Vertx.vertx();
    private final NameServer server = new NameServer();
    private final Catalog catalog = catalog().open();

    @AfterEach
    void close() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private NameFollowers follow(Gateway gateway) throws Exception {
        NameFollowers followers = new NameFollowers(
                (VertxInternal) vertx, List.of(server.address()), catalog.targets(), gateway::onInstances);
        followers
                .adopt(gateway.configuration().upstreams().values())
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return followers;
    }

    private Gateway serving(Target target) {
        catalog.service("pets", 1, service -> service.clearTargets().addTargets(target))
                .route("pets", "/pets", "pets");
        return Gateway.serving(catalog);
    }

    private static Target srv() {
        return Target.newBuilder()
                .setHost(NAME)
                .setWeight(100)
                .setDiscovery(Discovery.DISCOVERY_SRV)
                .build();
    }

    private static Upstream pets(Gateway gateway) {
        return gateway.configuration().upstreams().values().iterator().next();
    }

    @Test
    void srv_recordsChangeUnderLoad_noCallFails_andCallsMove() throws Exception {
        try (RawUpstream old = RawUpstream.answering(OK);
                RawUpstream young = RawUpstream.answering(OK);
                Gateway gateway = serving(srv());
                RawClient client = gateway.connect()) {
            server.service(NAME, 0, 10, 5, old.port(), "localhost");
            follow(gateway);
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            assertThat(old.requests()).hasSize(1);
            assertThat(old.requests().get(0)).contains("Host: localhost:" + old.port() + "\r\n");
            server.forget(NAME).service(NAME, 0, 10, 5, young.port(), "localhost");
            Await.until("the new one gets calls", () -> {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
                return young.requests().size() > 10;
            });
            int before = old.requests().size();
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            }
            assertThat(old.requests()).hasSize(before);
        }
    }

    @Test
    void srv_oneMore_isWarmBeforeItGetsCalls() throws Exception {
        try (RawUpstream old = RawUpstream.answering(OK);
                RawUpstream young = RawUpstream.answering(OK);
                Gateway gateway = serving(srv());
                RawClient client = gateway.connect()) {
            server.service(NAME, 0, 10, 5, old.port(), "localhost");
            follow(gateway);
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            server.service(NAME, 0, 10, 5, young.port(), "localhost");
            Await.until("a connection is open", () -> young.connections() == 1);
            Await.until(
                    "it joins",
                    () -> pets(gateway).cold().isEmpty()
                            && pets(gateway).states().size() == 2
                            && !pets(gateway).leavesOut());
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            }
            assertThat(young.requests()).hasSize(10);
            assertThat(young.connections()).as("the one that was warm").isEqualTo(1);
        }
    }

    @Test
    void configuredTarget_oneMore_isWarmBeforeItGetsCalls_aDeadOneJoinsAllTheSame() throws Exception {
        try (RawUpstream old = RawUpstream.answering(OK);
                RawUpstream young = RawUpstream.answering(OK);
                Gateway gateway =
                        Gateway.serving(catalog.service("pets", old.port()).route("pets", "/pets", "pets"));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            gateway.serve(catalog.service("pets", old.port(), service -> add(add(service, young.port()), 1)));
            Await.until("all join", () -> !pets(gateway).leavesOut());
            // The kernel takes the connection before the other side notices.
            Await.until("a connection is open", () -> young.connections() == 1);
            assertThat(pets(gateway).states()).hasSize(3).allMatch(state -> state.isWarm());
        }
    }

    private static Service.Builder add(Service.Builder service, int port) {
        return service.addTargets(
                Target.newBuilder().setHost("127.0.0.1").setPort(port).setWeight(100));
    }

    @Test
    void dns_addressesAtThePortOfTheTarget_noneYetIs503_andALostNameKeepsThem() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(OK);
                Gateway gateway = serving(Target.newBuilder()
                        .setHost("pets.test")
                        .setPort(upstream.port())
                        .setWeight(100)
                        .setDiscovery(Discovery.DISCOVERY_DNS)
                        .build());
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 503 ").contains("urn:tollgate:problem:no-target");
            server.addresses("pets.test", 0, "127.0.0.1");
            follow(gateway);
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(0))
                    .as("services that share an address are told apart")
                    .contains("Host: pets.test:" + upstream.port() + "\r\n");
            server.forget("pets.test");
            int asked = server.questions().size();
            Await.until("it was asked for again", () -> server.questions().size() > asked + 2);
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void newRevision_keepsWhatTheNameHas_andTheStateOfItsInstances() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(OK);
                Gateway gateway = serving(srv());
                RawClient client = gateway.connect()) {
            server.service(NAME, 300, 10, 5, upstream.port(), "localhost");
            NameFollowers followers = follow(gateway);
            var states = pets(gateway).states();
            gateway.serve(catalog.service(
                    "pets",
                    1,
                    service -> service.clearTargets().addTargets(srv()).setIdleTimeoutMillis(7)));
            assertThat(pets(gateway).states()).isEqualTo(states).hasSize(1);
            followers.adopt(gateway.configuration().upstreams().values());
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
    }
}
