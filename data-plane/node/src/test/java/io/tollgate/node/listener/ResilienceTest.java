package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Wire;
import io.tollgate.proto.config.v1.CircuitBreaker;
import io.tollgate.proto.config.v1.Ejection;
import io.tollgate.proto.config.v1.HashSource;
import io.tollgate.proto.config.v1.LoadBalancing;
import io.tollgate.proto.config.v1.LoadBalancingAlgorithm;
import io.tollgate.proto.config.v1.Retry;
import io.tollgate.proto.config.v1.RetryCondition;
import io.tollgate.proto.config.v1.RouteTimeouts;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What becomes of calls whose services fail, through the whole node. */
class ResilienceTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BUSY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

    private static Retry.Builder retry(RetryCondition... conditions) {
        Retry.Builder retry = Retry.newBuilder()
                .setRetries(2)
                .setBudgetPercent(100)
                .setBudgetRetriesPerSecondMin(100)
                .setMarkAttempts(true);
        for (RetryCondition condition : conditions) {
            retry.addConditions(condition);
        }
        return retry;
    }

    private static Catalog pets(int port, UnaryOperator<Service.Builder> more) {
        return catalog().open().service("pets", port, more).route("pets", "/pets", "pets");
    }

    private static Target target(int port) {
        return Target.newBuilder()
                .setHost("127.0.0.1")
                .setPort(port)
                .setWeight(1)
                .build();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void deadTarget_noCallFails_andSoonItIsNotAskedAnyMore() throws IOException {
        int dead = closedPort();
        try (RawUpstream upstream = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(pets(
                        upstream.port(),
                        service -> service.addTargets(target(dead))
                                .setRetry(retry(RetryCondition.RETRY_CONDITION_CONNECT))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            }
            long second = upstream.requests().stream()
                    .filter(request -> request.contains("X-Attempt: 2\r\n"))
                    .count();
            assertThat(second).as("three failures eject").isEqualTo(3);
            assertThat(gateway.usage().classes()).hasSize(20).containsOnly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void resetBeforeTheHead_isRepeated_aPostIsNot() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> connection.readHead(), ResilienceTest::answer);
                Gateway gateway = Gateway.serving(pets(
                        upstream.port(), service -> service.setRetry(retry(RetryCondition.RETRY_CONDITION_RESET))));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
        try (RawUpstream upstream = RawUpstream.scripted(connection -> connection.readHead(), ResilienceTest::answer);
                Gateway gateway = Gateway.serving(pets(
                        upstream.port(), service -> service.setRetry(retry(RetryCondition.RETRY_CONDITION_RESET))));
                RawClient client = gateway.connect()) {
            client.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void statusThatIsRepeated_andOneThatIsNot() {
        try (RawUpstream busy = RawUpstream.answering(BUSY);
                RawUpstream well = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(pets(
                        busy.port(),
                        service -> service.addTargets(target(well.port()))
                                .setRetry(retry(RetryCondition.RETRY_CONDITION_STATUS)
                                        .addStatuses(503))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            }
            assertThat(well.requests()).hasSize(10);
        }
    }

    @Test
    void budgetUsedUp_theFailureIsTold() {
        try (RawUpstream busy = RawUpstream.answering(BUSY);
                Gateway gateway = Gateway.serving(pets(
                        busy.port(),
                        service -> service.setRetry(retry(RetryCondition.RETRY_CONDITION_STATUS)
                                .addStatuses(503)
                                .setBudgetPercent(1)
                                .setBudgetRetriesPerSecondMin(0))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 503 ");
            }
            assertThat(busy.requests()).as("no storm").hasSize(50);
        }
    }

    @Test
    void keptBody_isSentAgainWhole() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> connection.readHead(), ResilienceTest::answer);
                Gateway gateway = Gateway.serving(pets(
                        upstream.port(),
                        service -> service.setRetry(retry(RetryCondition.RETRY_CONDITION_RESET)
                                .setNonIdempotent(true)
                                .setBodyBytesMax(1_000))));
                RawClient client = gateway.connect()) {
            client.send("PUT /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void attemptThatHangs_isGivenUpForAnother() {
        try (RawUpstream hanging = RawUpstream.scripted(ResilienceTest::hang);
                RawUpstream well = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(pets(
                        hanging.port(),
                        service -> service.addTargets(target(well.port()))
                                .setRetry(retry(RetryCondition.RETRY_CONDITION_TIMEOUT)
                                        .setAttemptTimeoutMillis(100))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void wholeCallTooLong_is504_alsoByTheRoutesOwnWord() {
        try (RawUpstream hanging = RawUpstream.scripted(ResilienceTest::hang);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("pets", hanging.port(), service -> service.setCallTimeoutMillis(100))
                        .service("slow", hanging.port())
                        .route("pets", "/pets", "pets")
                        .route(
                                "slow",
                                "/slow",
                                "slow",
                                route -> route.setTimeouts(
                                        RouteTimeouts.newBuilder().setResponseTimeoutMillis(100))));
                RawClient client = gateway.connect();
                RawClient other = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 504 ").contains("http_response_timeout");
            assertThat(other.get("/slow")).startsWith("HTTP/1.1 504 ");
        }
    }

    @Test
    void connectionNotMadeInTime_is504() throws IOException {
        List<Socket> queued = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillBacklog(deaf, queued);
            try (Gateway gateway = Gateway.serving(
                            pets(deaf.getLocalPort(), service -> service.setConnectTimeoutMillis(100)));
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 504 ").contains("error=connection_timeout");
                assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
            }
        } finally {
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }

    /** Connects until the kernel takes no more: nobody accepts. */
    private static void fillBacklog(ServerSocket deaf, List<Socket> queued) throws IOException {
        for (int i = 0; i < 64; i++) {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(deaf.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new IOException("a backlog of 1 took 64 connections");
    }

    @Test
    void circuitOpens_callsAreSparedTheService_andToldWhen() {
        try (RawUpstream busy = RawUpstream.answering(BUSY);
                Gateway gateway = Gateway.serving(pets(
                        busy.port(),
                        service -> service.setCircuitBreaker(CircuitBreaker.newBuilder()
                                .setFailurePercent(50)
                                .setMinimumCalls(10)
                                .setWindowMillis(10_000)
                                .setOpenMillis(60_000)
                                .setProbes(1))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/pets")).contains("busy");
            }
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/pets"))
                        .startsWith("HTTP/1.1 503 ")
                        .containsIgnoringCase("Retry-After: 60")
                        .contains("urn:tollgate:problem:circuit-open");
            }
            assertThat(busy.requests()).hasSize(10);
        }
    }

    @Test
    void ejectedForServerErrors_getsNoCall() {
        try (RawUpstream bad = RawUpstream.answering(BUSY);
                RawUpstream well = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(pets(
                        bad.port(),
                        service -> service.addTargets(target(well.port()))
                                .setEjection(Ejection.newBuilder()
                                        .setConsecutiveFailures(3)
                                        .setMinimumCalls(1)
                                        .setIntervalMillis(10_000)
                                        .setEjectionMillis(60_000)
                                        .setEjectionMillisMax(60_000)
                                        .setEjectedPercentMax(50))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 30; i++) {
                client.get("/pets");
            }
            assertThat(bad.requests()).hasSize(3);
            assertThat(well.requests()).hasSize(27);
        }
    }

    @Test
    void consistentHash_sameHeader_sameTarget() {
        try (RawUpstream one = RawUpstream.answering(OK);
                RawUpstream other = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(pets(
                        one.port(),
                        service -> service.addTargets(target(other.port()))
                                .setLoadBalancing(LoadBalancing.newBuilder()
                                        .setAlgorithm(LoadBalancingAlgorithm.LOAD_BALANCING_ALGORITHM_CONSISTENT_HASH)
                                        .setHashSource(HashSource.HASH_SOURCE_HEADER)
                                        .setHashName("X-Tenant"))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 60; i++) {
                client.get("/pets", "X-Tenant: tenant-" + i % 12);
            }
            Set<String> atOne = tenants(one);
            Set<String> atOther = tenants(other);
            assertThat(atOne).isNotEmpty().doesNotContainAnyElementsOf(atOther);
            assertThat(atOther).isNotEmpty();
        }
    }

    private static void answer(Wire connection) {
        connection.readMessage();
        connection.send(OK);
    }

    /** Takes a request and never answers. */
    private static void hang(Wire connection) {
        connection.readMessage();
        connection.readToEnd();
    }

    private static Set<String> tenants(RawUpstream upstream) {
        Set<String> tenants = new HashSet<>();
        for (String request : upstream.requests()) {
            int at = request.indexOf("X-Tenant: ");
            tenants.add(request.substring(at, request.indexOf("\r\n", at)));
        }
        return tenants;
    }
}
