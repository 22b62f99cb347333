package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.engine.upstream.Places;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.RequestIdRules;
import io.tollgate.node.exchange.RequestIds;
import io.tollgate.node.exchange.Resolvers;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.CountedCalls;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Wire;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.pipeline.CompiledSnapshot;
import io.tollgate.node.secure.TargetSecurity;
import io.tollgate.node.telemetry.LoopCounters;
import io.tollgate.node.tls.TlsStack;
import io.tollgate.proto.config.v1.ConcurrencyLimit;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Places are the node's, and so is the order of who waits for one: a node of two event loops. */
class SeveralLoopsTest {
    private static final int LOOPS = 2;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final AcceptGates gates = new AcceptGates(1_000);
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(LOOPS))
            .withTransport(gates.transport())
            .build();
    private final ActiveSnapshot active = new ActiveSnapshot();
    private final List<LoopCounters> counters = new ArrayList<>();
    private final List<RawClient> clients = new ArrayList<>();
    private int port;

    private void serve(Catalog catalog) throws Exception {
        active.publish(CompiledSnapshot.of(catalog.compile(), Resolvers.NONE, null, Gateway.CLOCK.epochMillis()));
        List<FrontDoor> doors = new ArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
            LoopCounters own = new LoopCounters();
            counters.add(own);
            doors.add(new FrontDoor(new LoopParts(
                    Gateway.CLOCK,
                    active,
                    new CountedCalls(),
                    own,
                    null,
                    () -> {},
                    new RequestIds(RequestIdRules.USUAL, 0x1000L * loop),
                    new TargetSecurity(TlsStack.choose().provider()),
                    null,
                    gates,
                    new FailureTable(0x5eed, Gateway.CLOCK.nanos()))));
        }
        Iterator<FrontDoor> next = doors.iterator();
        vertx.deployVerticle(() -> (Deployable) next.next(), new DeploymentOptions().setInstances(LOOPS))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        Listeners listeners = new Listeners(doors, ListenerRules.own("127.0.0.1", 0), Gateway.tls());
        listeners.open().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        port = doors.get(0).actualPort();
    }

    @AfterEach
    void close() throws Exception {
        clients.forEach(Wire::close);
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A connection that this loop takes; those of the other one stay open, so that the loops get theirs in turn. */
    private RawClient clientOf(int loop) {
        for (int tries = 0; tries < 100; tries++) {
            long own = counters.get(loop).connections();
            long all = connections();
            RawClient client = new RawClient(port);
            clients.add(client);
            Await.until("the connection is taken", () -> connections() == all + 1);
            if (counters.get(loop).connections() == own + 1) {
                return client;
            }
        }
        throw new AssertionError("loop " + loop + " takes no connections");
    }

    private long connections() {
        return counters.stream().mapToLong(LoopCounters::connections).sum();
    }

    private static Catalog saturated(int servicePort, int callsMax, int queueMax) {
        return catalog()
                .open()
                .service(
                        "pets",
                        servicePort,
                        service -> service.setConcurrencyLimit(ConcurrencyLimit.newBuilder()
                                .setCallsMax(callsMax)
                                .setQueueMax(queueMax)
                                .setQueueTimeoutMillis(20_000)
                                .setRetryAfterSeconds(3)))
                .route("plain", "/plain", "pets")
                .route("batch", "/batch", "pets", route -> route.setPriority(10))
                .route("paid", "/paid", "pets", route -> route.setPriority(90));
    }

    /** The places of the one service; the next revision has the state of the one that is served. */
    private static Places places(Catalog catalog) {
        return catalog.compile().upstreams().values().iterator().next().state().places();
    }

    private static void send(RawClient client, String path) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void placeThatOneLoopGivesBack_goesToWhoMattersMostOnAnother() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (RawUpstream service = RawUpstream.holding(asked, OK)) {
            Catalog catalog = saturated(service.port(), 1, 10);
            serve(catalog);
            RawClient holder = clientOf(0);
            RawClient batch = clientOf(0);
            RawClient plain = clientOf(1);
            RawClient paid = clientOf(1);
            send(holder, "/plain");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            send(batch, "/batch");
            Await.until("one waits", () -> places(catalog).waiting() == 1);
            send(plain, "/plain");
            Await.until("two wait", () -> places(catalog).waiting() == 2);
            send(paid, "/paid");
            Await.until("three wait", () -> places(catalog).waiting() == 3);
            holder.reset();
            for (RawClient waiter : List.of(paid, plain, batch)) {
                assertThat(waiter.readMessage()).startsWith("HTTP/1.1 200 ");
            }
            assertThat(service.requests())
                    .extracting(request -> request.substring(0, request.indexOf(" HTTP")))
                    .containsExactly("GET /paid", "GET /plain", "GET /batch");
        }
    }

    @Test
    void fullQueue_whoMattersLeastGivesWay_onWhateverLoopItWaits() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (RawUpstream service = RawUpstream.holding(asked, OK)) {
            Catalog catalog = saturated(service.port(), 1, 1);
            serve(catalog);
            RawClient holder = clientOf(1);
            RawClient batch = clientOf(0);
            RawClient paid = clientOf(1);
            send(holder, "/plain");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            send(batch, "/batch");
            Await.until("one waits", () -> places(catalog).waiting() == 1);
            send(paid, "/paid");
            assertThat(batch.readMessage()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("Retry-After: 3");
            holder.reset();
            assertThat(paid.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void manyCallers_theLimitHoldsForTheNode_andEveryWaiterGetsItsTurn() throws Exception {
        int callers = 8;
        int callsEach = 50;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try (RawUpstream service = RawUpstream.scripted(connection -> {
            while (!connection.readMessage().isEmpty()) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                connection.send(OK);
            }
        })) {
            Catalog catalog = saturated(service.port(), 2, 2 * callers);
            serve(catalog);
            String[] paths = {"/plain", "/batch", "/paid"};
            List<Future<Integer>> good = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                RawClient client = clientOf(i % LOOPS);
                String path = paths[i % paths.length];
                good.add(threads.submit(() -> {
                    int answered = 0;
                    for (int call = 0; call < callsEach; call++) {
                        answered += client.get(path).startsWith("HTTP/1.1 200 ") ? 1 : 0;
                    }
                    return answered;
                }));
            }
            for (Future<Integer> one : good) {
                assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(callsEach);
            }
            assertThat(most.get()).isBetween(1, 2);
            assertThat(places(catalog).waiting()).isZero();
            Await.until(
                    "every place is given back", () -> places(catalog).limiter().inFlight() == 0);
        } finally {
            threads.shutdownNow();
        }
    }
}
