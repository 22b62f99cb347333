package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Wire;
import io.tollgate.proto.config.v1.CircuitBreaker;
import io.tollgate.proto.config.v1.ConcurrencyLimit;
import io.tollgate.proto.config.v1.Ejection;
import io.tollgate.proto.config.v1.Hedge;
import io.tollgate.proto.config.v1.Retry;
import io.tollgate.proto.config.v1.RetryCondition;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.Target;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are sent to a second target when the first is silent. */
class HedgeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String FIRST = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst";

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    private static Catalog pets(int port, UnaryOperator<Service.Builder> more) {
        return catalog().open().service("pets", port, more).route("pets", "/pets", "pets");
    }

    private static UnaryOperator<Service.Builder> hedged(int delayMillis, RawUpstream... others) {
        return service -> {
            for (RawUpstream other : others) {
                service.addTargets(Target.newBuilder()
                        .setHost("127.0.0.1")
                        .setPort(other.port())
                        .setWeight(1));
            }
            return service.setHedge(
                    Hedge.newBuilder().setDelayMillis(delayMillis).setHedges(1));
        };
    }

    private static Retry.Builder generous() {
        return Retry.newBuilder()
                .setRetries(1)
                .addConditions(RetryCondition.RETRY_CONDITION_CONNECT)
                .setBudgetPercent(100)
                .setBudgetRetriesPerSecondMin(100)
                .setMarkAttempts(true);
    }

    /** Takes a request, never answers, and counts how often it was given up. A connection may end without one. */
    private void hang(Wire connection) {
        if (!connection.readMessage().isEmpty()) {
            asked.incrementAndGet();
            connection.readToEnd();
            cancelled.incrementAndGet();
        }
    }

    @Test
    void silentTarget_theAnswerIsTheOthers_andTheSilentCallIsCancelled() {
        try (RawUpstream silent = RawUpstream.scripted(this::hang);
                RawUpstream well = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(pets(
                        silent.port(),
                        service -> hedged(20, well).apply(service).setRetry(generous())));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("ok");
            }
            Await.until("all that it was asked was given up", () -> asked.get() > 0 && cancelled.get() == asked.get());
            // Every other call comes to the silent one first; a machine in need of rest may hedge the others too.
            long won = gateway.counters().upstreamHedgesWon();
            assertThat(won).isBetween(5L, 10L);
            assertThat(gateway.counters().upstreamHedges()).isBetween(won, 10L);
            assertThat(well.requests())
                    .hasSize(10)
                    .filteredOn(request -> request.contains("X-Attempt: 2\r\n"))
                    .hasSize((int) won);
            assertThat(gateway.usage().classes()).hasSize(10).containsOnly(OutcomeClass.SUCCESS);
        }
    }

    private static String hints(String of) {
        return "HTTP/1.1 103 Early Hints\r\nLink: </" + of + ".css>; rel=preload\r\n\r\n";
    }

    /** Two targets, whichever is asked first: the first one hints and is silent until the hedge has hinted, too. */
    private RawUpstream hinting(
            CountDownLatch hedgeHinted, CountDownLatch clientHeard, String ofFirst, String ofHedge) {
        return RawUpstream.scripted(connection -> {
            if (connection.readMessage().isEmpty()) {
                return;
            }
            boolean first = asked.incrementAndGet() == 1;
            connection.send(hints(first ? "first" : "hedge"));
            if (first) {
                hedgeHinted.await();
            } else {
                hedgeHinted.countDown();
            }
            connection.send(first ? ofFirst : ofHedge);
            clientHeard.await();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "hedge"})
    void bothHint_onlyWhatTheWinnerSaidReachesTheClient(String winner) {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + winner.length() + "\r\n\r\n" + winner;
        CountDownLatch hedgeHinted = new CountDownLatch(1);
        CountDownLatch clientHeard = new CountDownLatch(1);
        String ofFirst = winner.equals("first") ? answer : "";
        String ofHedge = winner.equals("hedge") ? answer : "";
        try (RawUpstream one = hinting(hedgeHinted, clientHeard, ofFirst, ofHedge);
                RawUpstream other = hinting(hedgeHinted, clientHeard, ofFirst, ofHedge);
                Gateway gateway = Gateway.serving(pets(
                        one.port(), service -> hedged(20, other).apply(service).setRetry(generous())));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.1\r\nHost: api.example.com\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 103 ").contains("</" + winner + ".css>");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith(winner);
            clientHeard.countDown();
            assertThat(asked.get()).isEqualTo(2);
        }
    }

    @Test
    void hintOfTheOnlyOneAsked_passesWithItsAnswer() {
        try (RawUpstream well = RawUpstream.answering(hints("first") + OK);
                RawUpstream other = RawUpstream.answering(hints("first") + OK);
                Gateway gateway = Gateway.serving(pets(
                        well.port(),
                        service -> hedged(20_000, other).apply(service).setRetry(generous())));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.1\r\nHost: api.example.com\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 103 ").contains("</first.css>");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("ok");
        }
    }

    @Test
    void bothAnswer_theFirstHeadWins_andTheNextCallIsRight() {
        CountDownLatch hedgeAsked = new CountDownLatch(1);
        try (RawUpstream slow = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    hedgeAsked.await();
                    connection.send(FIRST);
                    connection.readToEnd();
                });
                RawUpstream other = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    hedgeAsked.countDown();
                    connection.readToEnd();
                    cancelled.incrementAndGet();
                });
                Gateway gateway = Gateway.serving(pets(
                        slow.port(), service -> hedged(20, other).apply(service).setRetry(generous())));
                RawClient client = gateway.connect()) {
            String answer = client.get("/pets");
            if (answer.endsWith("first")) {
                assertThat(gateway.counters().upstreamHedges()).isEqualTo(1);
                Await.until("the other one was given up", () -> cancelled.get() == 1);
            }
            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("first");
            assertThat(gateway.usage().classes()).hasSize(1);
        }
    }

    @Test
    void firstBreaksWhileTheHedgeIsOut_theHedgesAnswerIsTaken() {
        CountDownLatch hedgeAsked = new CountDownLatch(1);
        CountDownLatch firstBroke = new CountDownLatch(1);
        AtomicInteger order = new AtomicInteger();
        RawUpstream.Script script = connection -> {
            connection.readMessage();
            if (order.getAndIncrement() == 0) {
                hedgeAsked.await();
                connection.close();
                firstBroke.countDown();
            } else {
                hedgeAsked.countDown();
                firstBroke.await();
                connection.send(OK);
                connection.readToEnd();
            }
        };
        try (RawUpstream one = RawUpstream.scripted(script);
                RawUpstream other = RawUpstream.scripted(script);
                Gateway gateway = Gateway.serving(pets(one.port(), hedged(20, other)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("ok");
            assertThat(gateway.counters().upstreamHedgesWon())
                    .as("whether or not the break was seen first")
                    .isEqualTo(1);
        }
    }

    @Test
    void everyTargetBreaks_is502Once() {
        CountDownLatch hedgeAsked = new CountDownLatch(2);
        RawUpstream.Script script = connection -> {
            connection.readMessage();
            hedgeAsked.countDown();
            hedgeAsked.await();
        };
        try (RawUpstream one = RawUpstream.scripted(script);
                RawUpstream other = RawUpstream.scripted(script);
                Gateway gateway = Gateway.serving(pets(one.port(), hedged(20, other)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 502 ");
            assertThat(gateway.usage().classes()).hasSize(1).containsOnly(OutcomeClass.FAILED);
        }
    }

    @Test
    void postAndBody_areNeverHedged() {
        try (RawUpstream one = RawUpstream.scripted(this::hang);
                RawUpstream other = RawUpstream.scripted(this::hang);
                Gateway gateway = Gateway.serving(pets(
                        one.port(), service -> hedged(10, other).apply(service).setResponseTimeoutMillis(200)));
                RawClient client = gateway.connect()) {
            client.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
            assertThat(asked).hasValue(2);
            assertThat(gateway.counters().upstreamHedges()).isZero();
        }
    }

    @Test
    void budgetIsUsedUp_noMoreHedges() {
        try (RawUpstream one = RawUpstream.scripted(this::hang);
                RawUpstream other = RawUpstream.scripted(this::hang);
                Gateway gateway = Gateway.serving(pets(
                        one.port(),
                        service -> hedged(10, other)
                                .apply(service)
                                .setRetry(generous().setBudgetPercent(20).setBudgetRetriesPerSecondMin(0))
                                .setEjection(Ejection.newBuilder()
                                        .setIntervalMillis(1_000)
                                        .setMinimumCalls(1)
                                        .setEjectionMillis(1_000)
                                        .setEjectionMillisMax(1_000)
                                        .setEjectedPercentMax(1))
                                .setResponseTimeoutMillis(100)));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 504 ");
            }
            assertThat(gateway.counters().upstreamHedges()).isBetween(1L, 4L);
        }
    }

    @Test
    void oneTarget_hasNobodyToHedgeWith() {
        try (RawUpstream slow = RawUpstream.scripted(this::hang);
                Gateway gateway = Gateway.serving(
                        pets(slow.port(), service -> hedged(10).apply(service).setResponseTimeoutMillis(150)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 504 ");
            assertThat(slow.connections()).isEqualTo(1);
        }
    }

    @Test
    void refusedHedges_takeNoTurnOfTheTargets() {
        try (RawUpstream silent = RawUpstream.scripted(this::hang);
                RawUpstream well = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(pets(
                        silent.port(),
                        service -> hedged(10, well)
                                .apply(service)
                                .setRetry(generous().setBudgetPercent(1).setBudgetRetriesPerSecondMin(0))
                                .setResponseTimeoutMillis(100)));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 10; i++) {
                client.get("/pets");
            }
            assertThat(gateway.counters().upstreamHedges()).isZero();
            assertThat(well.requests()).as("every other call").hasSize(5);
        }
    }

    @Test
    void silentTargetsCancelledCall_isHeldAgainstNobody_andTakesOnePlace() {
        Catalog catalog;
        try (RawUpstream silent = RawUpstream.scripted(this::hang);
                RawUpstream well = RawUpstream.answering(OK)) {
            catalog = pets(
                    silent.port(),
                    service -> hedged(20, well)
                            .apply(service)
                            .setRetry(generous())
                            .setEjection(ejectedByOne())
                            .setCircuitBreaker(CircuitBreaker.newBuilder()
                                    .setFailurePercent(1)
                                    .setMinimumCalls(1)
                                    .setWindowMillis(60_000)
                                    .setOpenMillis(60_000)
                                    .setProbes(1))
                            .setConcurrencyLimit(ConcurrencyLimit.newBuilder()
                                    .setCallsMax(1)
                                    .setQueueTimeoutMillis(1_000)
                                    .setRetryAfterSeconds(1)));
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 6; i++) {
                    assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
                }
                assertThat(asked.get()).as("it is still called").isGreaterThan(1);
                assertThat(failures(catalog)).isZero();
            }
        }
    }

    /** Who is asked first answers after the other one has said this and was given up, with no answer to what it said. */
    private static RawUpstream.Script firstAnswersOnceTheHedgeSaid(String said) {
        CountDownLatch givenUp = new CountDownLatch(1);
        AtomicInteger order = new AtomicInteger();
        return connection -> {
            connection.readMessage();
            if (order.getAndIncrement() == 0) {
                givenUp.await();
                connection.send(FIRST);
                connection.readToEnd();
            } else {
                connection.send(said);
                connection.readToEnd();
                givenUp.countDown();
            }
        };
    }

    private static void assertHedgeIsDropped(String said) {
        RawUpstream.Script script = firstAnswersOnceTheHedgeSaid(said);
        try (RawUpstream one = RawUpstream.scripted(script);
                RawUpstream other = RawUpstream.scripted(script)) {
            Catalog catalog =
                    pets(one.port(), service -> hedged(20, other).apply(service).setEjection(ejectedByNone()));
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("first");
                assertThat(failures(catalog)).as("the one that said it").isEqualTo(1);
            }
        }
    }

    @Test
    void hedgeThatSpeaksNoHttp_isDropped_andTheFirstOnesAnswerIsTaken() {
        assertHedgeIsDropped("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    }

    @Test
    void hedgeWhoseFramingIsUnclear_isDropped_andTheFirstOnesAnswerIsTaken() {
        assertHedgeIsDropped("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
    }

    @Test
    void wholeCallTooLong_isHeldAgainstTheFirstOnly() {
        try (RawUpstream one = RawUpstream.scripted(this::hang);
                RawUpstream other = RawUpstream.scripted(this::hang)) {
            Catalog catalog = pets(
                    one.port(),
                    service -> hedged(20, other)
                            .apply(service)
                            .setEjection(ejectedByNone())
                            .setCallTimeoutMillis(200));
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 504 ");
                assertThat(gateway.counters().upstreamHedges()).isEqualTo(1);
                assertThat(failures(catalog)).isEqualTo(1);
            }
        }
    }

    private static Ejection.Builder ejectedByOne() {
        return Ejection.newBuilder()
                .setConsecutiveFailures(1)
                .setMinimumCalls(1)
                .setIntervalMillis(1_000)
                .setEjectionMillis(60_000)
                .setEjectionMillisMax(60_000)
                .setEjectedPercentMax(50);
    }

    /** Failures are counted, and nobody is ejected for them. */
    private static Ejection.Builder ejectedByNone() {
        return ejectedByOne().setConsecutiveFailures(0);
    }

    /** Failures in a row of all targets that are served: a later revision has the same states. */
    private static int failures(Catalog catalog) {
        int failures = 0;
        for (Upstream upstream : catalog.compile().upstreams().values()) {
            for (TargetState state : upstream.states()) {
                failures += state.consecutiveFailures();
            }
        }
        return failures;
    }
}
