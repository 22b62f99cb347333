package io.tollgate.node.health;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.TargetState.Verdict;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.dial.Await;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Wire;
import io.tollgate.proto.config.v1.HealthCheck;
import io.tollgate.proto.config.v1.HealthCheckType;
import io.tollgate.proto.config.v1.StatusRange;
import io.tollgate.proto.config.v1.Target;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets, real timers: a target that goes bad is found out, and found again. */
class HealthChecksTest {
    private final Vertx vertx = Vertx.vertx();
    private final HealthChecks checks = new HealthChecks(vertx, Gateway.CLOCK);
    private final Catalog catalog = catalog();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String status = "200 OK";

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static HealthCheck.Builder check(HealthCheckType type) {
        return HealthCheck.newBuilder()
                .setType(type)
                .setPath("/healthz?deep=1")
                .setIntervalMillis(100)
                .setTimeoutMillis(200)
                .setHealthyThreshold(2)
                .setUnhealthyThreshold(2);
    }

    private void service(int port, HealthCheck.Builder check) {
        catalog.service("pets", port, service -> service.setHealthCheck(check));
        adopt();
    }

    private void adopt() {
        checks.adopt(compiled().upstreams().values());
    }

    private CompiledConfiguration compiled() {
        return catalog.compile();
    }

    private TargetState target(int index) {
        Upstream pets = compiled().upstreams().get(Catalog.id("service", "pets"));
        if (pets == null) {
            throw new AssertionError("no service");
        }
        return pets.states().get(index);
    }

    private void becomes(int index, Verdict verdict) {
        Await.until("target " + index + " is " + verdict, () -> target(index).verdict() == verdict);
    }

    private void answer(Wire connection) {
        asked.add(connection.readMessage());
        connection.send("HTTP/1.1 " + status + "\r\nContent-Length: 4\r\n\r\nwell");
    }

    @Test
    void http_statusTurnsAndTurnsBack_verdictFollows() {
        try (RawUpstream upstream = RawUpstream.scripted(this::answer)) {
            service(
                    upstream.port(),
                    check(HealthCheckType.HEALTH_CHECK_TYPE_HTTP).setHost("pets.internal"));
            becomes(0, Verdict.HEALTHY);
            assertThat(asked.get(0))
                    .startsWith("GET /healthz?deep=1 HTTP/1.1\r\n")
                    .containsIgnoringCase("host: pets.internal");
            status = "500 Oops";
            becomes(0, Verdict.UNHEALTHY);
            status = "200 OK";
            becomes(0, Verdict.HEALTHY);
        }
    }

    @Test
    void http_statusThatIsExpected_isGood() {
        status = "401 Unauthorized";
        try (RawUpstream upstream = RawUpstream.scripted(this::answer)) {
            service(
                    upstream.port(),
                    check(HealthCheckType.HEALTH_CHECK_TYPE_HTTP)
                            .addExpectedStatuses(
                                    StatusRange.newBuilder().setFirst(401).setLast(401)));
            becomes(0, Verdict.HEALTHY);
        }
    }

    @Test
    void http_noAnswerInTime_isBad() {
        try (RawUpstream upstream = RawUpstream.scripted(Wire::readToEnd)) {
            service(upstream.port(), check(HealthCheckType.HEALTH_CHECK_TYPE_HTTP));
            becomes(0, Verdict.UNHEALTHY);
        }
    }

    @Test
    void tcp_acceptedIsGood_refusedIsBad() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (RawUpstream upstream = RawUpstream.scripted(Wire::readToEnd)) {
            catalog.service(
                    "pets",
                    upstream.port(),
                    service -> service.addTargets(Target.newBuilder()
                                    .setHost("127.0.0.1")
                                    .setPort(closed)
                                    .setWeight(1))
                            .setHealthCheck(check(HealthCheckType.HEALTH_CHECK_TYPE_TCP)));
            adopt();
            becomes(0, Verdict.HEALTHY);
            becomes(1, Verdict.UNHEALTHY);
        }
    }

    @Test
    void checkIsGone_targetIsUnknownAgain_andNobodyAsks() {
        try (RawUpstream upstream = RawUpstream.scripted(this::answer)) {
            status = "503 Down";
            service(upstream.port(), check(HealthCheckType.HEALTH_CHECK_TYPE_HTTP));
            TargetState target = target(0);
            becomes(0, Verdict.UNHEALTHY);
            catalog.service("pets", upstream.port());
            adopt();
            becomes(0, Verdict.UNKNOWN);
            assertThat(target(0)).as("the state is adopted").isSameAs(target);
        }
    }
}
