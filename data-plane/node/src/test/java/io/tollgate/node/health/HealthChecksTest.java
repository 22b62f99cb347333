package io.tollgate.node.health;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.TargetState.Verdict;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.dial.Await;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Upstream;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.TlsSockets;
import io.tollgate.node.fixture.Wire;
import io.tollgate.proto.config.v1.HealthCheck;
import io.tollgate.proto.config.v1.HealthCheckType;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.StatusRange;
import io.tollgate.proto.config.v1.Target;
import io.tollgate.proto.config.v1.UpstreamProtocol;
import io.tollgate.proto.config.v1.UpstreamTls;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"UPSTREAM_PROTOCOL_HTTP1", "UPSTREAM_PROTOCOL_AUTO"})
    void http_overTls_isAskedAsCallsAre(String protocol) {
        TestAuthority authority = TestAuthority.root("checked");
        try (RawUpstream upstream = RawUpstream.behind(
                TlsSockets.listening(authority.ecdsaFor("pets.example.com"), authority, tls -> {}), this::answer)) {
            catalog.trustRoot("internal", authority).certificate("gateway", authority.ecdsaFor("gateway"));
            UpstreamTls.Builder tls = UpstreamTls.newBuilder()
                    .setSni("pets.example.com")
                    .setTrustRootId(Catalog.id("trust-root", "internal"))
                    .setClientCertificateId(Catalog.id("certificate", "gateway"));
            UnaryOperator<Service.Builder> checked = service -> service.setHealthCheck(
                            check(HealthCheckType.HEALTH_CHECK_TYPE_HTTP).setTimeoutMillis(5_000))
                    .setProtocol(UpstreamProtocol.valueOf(protocol));
            catalog.service(
                    "pets", upstream.port(), service -> checked.apply(service).setTls(tls));
            adopt();
            becomes(0, Verdict.HEALTHY);
            catalog.service(
                    "pets", upstream.port(), service -> checked.apply(service).setTls(tls.clearTrustRootId()));
            adopt();
            becomes(0, Verdict.UNHEALTHY);
        }
    }

    @Test
    void http_overHttp2_isAskedAsCallsAre() {
        try (Http2Upstream upstream = Http2Upstream.scripted(request -> request.answer("200", "well"))) {
            catalog.service(
                    "pets",
                    upstream.port(),
                    service -> service.setHealthCheck(check(HealthCheckType.HEALTH_CHECK_TYPE_HTTP)
                                    .setTimeoutMillis(5_000))
                            .setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2));
            adopt();
            becomes(0, Verdict.HEALTHY);
            assertThat(upstream.next().headers().authority()).hasToString("127.0.0.1:" + upstream.port());
        }
    }

    @Test
    void grpc_servingTurnsAndTurnsBack_verdictFollows() throws Exception {
        AtomicInteger servingStatus = new AtomicInteger(1);
        Server server = grpcHealth(servingStatus);
        try {
            service(
                    server.getPort(),
                    check(HealthCheckType.HEALTH_CHECK_TYPE_GRPC).setGrpcService("petstore.v1.Pets"));
            becomes(0, Verdict.HEALTHY);
            assertThat(asked.get(0)).isEqualTo("petstore.v1.Pets");
            servingStatus.set(2);
            becomes(0, Verdict.UNHEALTHY);
            servingStatus.set(1);
            becomes(0, Verdict.HEALTHY);
            server.shutdownNow().awaitTermination();
            becomes(0, Verdict.UNHEALTHY);
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void grpc_serviceThatIsNotThere_isBad() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .build()
                .start();
        try {
            service(server.getPort(), check(HealthCheckType.HEALTH_CHECK_TYPE_GRPC));
            becomes(0, Verdict.UNHEALTHY);
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    /** The health service over the real server of grpc-java; the two messages are a string and a number. */
    private Server grpcHealth(AtomicInteger servingStatus) throws IOException {
        MethodDescriptor<byte[], byte[]> check = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("grpc.health.v1.Health/Check")
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(ServerServiceDefinition.builder("grpc.health.v1.Health")
                        .addMethod(check, ServerCalls.asyncUnaryCall((request, answer) -> {
                            // A tag and a length come before the name.
                            asked.add(new String(request, 2, request.length - 2, StandardCharsets.UTF_8));
                            answer.onNext(new byte[] {8, (byte) servingStatus.get()});
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

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
