package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Http2Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.WordService;
import io.tollgate.proto.config.v1.UpstreamProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls of gRPC by grpc-java's client through the gateway to grpc-java's server. */
class GrpcTest implements AutoCloseable {
    private static final Metadata.Key<String> KEY = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> LIMIT = Metadata.Key.of("ratelimit", Metadata.ASCII_STRING_MARSHALLER);

    private final List<ManagedChannel> channels = new ArrayList<>();

    private Channel channel(Gateway gateway) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.port())
                .usePlaintext()
                .disableRetry()
                .build();
        channels.add(channel);
        return channel;
    }

    @org.junit.jupiter.api.AfterEach
    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private static Catalog open(int port) {
        return catalog()
                .open()
                .service("words", port, service -> service.setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2))
                .route("words", "/words.Words", "words");
    }

    private static Status.Code code(Runnable call) {
        return failure(call).getStatus().getCode();
    }

    private static StatusRuntimeException failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run);
    }

    private static String echo(Channel channel, CallOptions options) {
        return ClientCalls.blockingUnaryCall(channel, WordService.ECHO, options, "hello");
    }

    @Test
    void unary_call_isAnsweredAndCounted() {
        try (WordService words = WordService.start();
                Gateway gateway = Gateway.serving(open(words.port()))) {
            Metadata sent = new Metadata();
            sent.put(WordService.WORD, "metadata");
            Channel channel =
                    ClientInterceptors.intercept(channel(gateway), MetadataUtils.newAttachHeadersInterceptor(sent));

            assertThat(echo(channel, CallOptions.DEFAULT)).isEqualTo("hello");
            assertThat(words.headers().get(0).get(WordService.WORD)).isEqualTo("metadata");
            assertThat(words.headers().get(0).get(WordService.TIMEOUT)).isNull();
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void streams_ofBothSides_passAsTheyCome() throws InterruptedException {
        try (WordService words = WordService.start();
                Gateway gateway = Gateway.serving(open(words.port()))) {
            Channel channel = channel(gateway);
            List<String> spelt = new ArrayList<>();
            ClientCalls.blockingServerStreamingCall(channel, WordService.SPELL, CallOptions.DEFAULT, "abc")
                    .forEachRemaining(spelt::add);
            assertThat(spelt).containsExactly("a", "b", "c");

            BlockingQueue<String> joined = new LinkedBlockingQueue<>();
            StreamObserver<String> parts = ClientCalls.asyncClientStreamingCall(
                    channel.newCall(WordService.JOIN, CallOptions.DEFAULT), into(joined));
            parts.onNext("a");
            parts.onNext("b");
            parts.onCompleted();
            assertThat(joined.poll(15, TimeUnit.SECONDS)).isEqualTo("ab");

            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            StreamObserver<String> said = ClientCalls.asyncBidiStreamingCall(
                    channel.newCall(WordService.TALK, CallOptions.DEFAULT), into(heard));
            said.onNext("one");
            assertThat(heard.poll(15, TimeUnit.SECONDS)).isEqualTo("you said one");
            said.onNext("two");
            assertThat(heard.poll(15, TimeUnit.SECONDS)).isEqualTo("you said two");
            said.onCompleted();
            assertThat(heard.poll(15, TimeUnit.SECONDS)).isEqualTo("OK");
            Await.until("all are counted", () -> gateway.usage().calls().size() == 3);
            assertThat(gateway.usage().classes()).containsOnly(OutcomeClass.SUCCESS);
        }
    }

    private static StreamObserver<String> into(BlockingQueue<String> words) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String word) {
                words.add(word);
            }

            @Override
            public void onError(Throwable cause) {
                words.add(Status.fromThrowable(cause).getCode().name());
            }

            @Override
            public void onCompleted() {
                words.add("OK");
            }
        };
    }

    @Test
    void failure_ofTheService_passesWithItsMessageAndTrailers() {
        try (WordService words = WordService.start();
                Gateway gateway = Gateway.serving(open(words.port()))) {
            Channel channel = channel(gateway);

            StatusRuntimeException failure =
                    failure(() -> ClientCalls.blockingUnaryCall(channel, WordService.FAIL, CallOptions.DEFAULT, "w"));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
            assertThat(failure.getStatus().getDescription()).isEqualTo("lost: w");
            assertThat(failure.getTrailers()).isNotNull();
            assertThat(failure.getTrailers().get(WordService.WORD)).isEqualTo("w");
        }
    }

    @Test
    void cancellation_reachesTheService() throws InterruptedException {
        try (WordService words = WordService.start();
                Gateway gateway = Gateway.serving(open(words.port()))) {
            var call = channel(gateway).newCall(WordService.WAIT, CallOptions.DEFAULT);
            ClientCalls.asyncUnaryCall(call, "w", into(new LinkedBlockingQueue<>()));
            words.waiting().await();
            call.cancel("enough", null);

            assertThat(words.cancelled().await(15, TimeUnit.SECONDS)).isTrue();
            Await.until("it is counted", () -> !gateway.usage().calls().isEmpty());
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.ABORTED);
        }
    }

    @Test
    void deadline_ofTheCaller_isPassedOnWithWhatIsLeft() {
        try (WordService words = WordService.start();
                Gateway gateway = Gateway.serving(open(words.port()))) {
            echo(channel(gateway), CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));

            String told = words.headers().get(0).get(WordService.TIMEOUT);
            assertThat(told).matches("[0-9]{1,8}u");
            assertThat(Long.parseLong(told.replace("u", ""))).isBetween(1L, 60_000_000L);
        }
    }

    @Test
    void deadline_thatPasses_endsTheCallHereAndBehind() throws InterruptedException {
        try (WordService words = WordService.start();
                Gateway gateway = Gateway.serving(open(words.port()));
                Http2Wire client = gateway.connectHttp2()) {
            // By hand: grpc-java's client would end the call by itself.
            int stream = client.begin(
                    false,
                    head(
                            "POST",
                            "/words.Words/Wait",
                            "content-type: application/grpc",
                            "te: trailers",
                            "grpc-timeout: 300m"));
            client.data(stream, true, "\0\0\0\0\1w");

            Http2Wire.Answer answer = client.answer(stream);
            assertThat(answer.head()).contains(":status: 200", "content-type: application/grpc", "grpc-status: 4");
            assertThat(words.cancelled().await(15, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.ABORTED);
            assertThat(gateway.logged()).contains("\"outcome\":\"deadline-exceeded\"", "\"status\":200");
        }
    }

    @Test
    void deadline_insideAnAnswer_isToldInTrailers() {
        try (WordService words = WordService.start();
                Gateway gateway = Gateway.serving(open(words.port()));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(
                    false, head("POST", "/words.Words/Talk", "content-type: application/grpc+x", "grpc-timeout: 2S"));
            client.data(stream, false, "\0\0\0\0\1w");

            Http2Wire.Answer answer = client.answer(stream);
            assertThat(answer.body()).endsWith("you said w");
            assertThat(answer.trailers()).contains("grpc-status: 4");
        }
    }

    @Test
    void refusals_areToldInItsWords() {
        try (WordService words = WordService.start()) {
            Catalog catalog = catalog()
                    .service(
                            "words",
                            words.port(),
                            service -> service.setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2))
                    .route("words", "/words.Words", "words")
                    .route("other", "/other", "words")
                    .plan("gold", Catalog.perMinute(1))
                    .plan("none", plan -> plan.clearRouteIds())
                    .consumer("acme", "gold")
                    .consumer("poor", "none");
            String key = catalog.key("acme");
            String poor = catalog.key("poor");
            try (Gateway gateway = Gateway.serving(catalog)) {
                Channel channel = channel(gateway);
                StatusRuntimeException missing = failure(() -> echo(channel, CallOptions.DEFAULT));
                assertThat(missing.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(missing.getStatus().getDescription())
                        .isEqualTo("API key missing: This API wants an API key with each request.");
                assertThat(code(() -> echo(with(channel, poor), CallOptions.DEFAULT)))
                        .isEqualTo(Status.Code.PERMISSION_DENIED);
                assertThat(echo(with(channel, key), CallOptions.DEFAULT)).isEqualTo("hello");
                StatusRuntimeException limited = failure(() -> echo(with(channel, key), CallOptions.DEFAULT));
                assertThat(limited.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(limited.getTrailers()).isNotNull();
                assertThat(limited.getTrailers().get(LIMIT)).contains("r=0");
                assertThat(Long.parseLong(limited.getTrailers().get(PUSHBACK))).isPositive();
                assertThat(words.headers()).hasSize(1);
            }
        }
    }

    private static Channel with(Channel channel, String key) {
        Metadata sent = new Metadata();
        sent.put(KEY, key);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(sent));
    }

    @Test
    void refusals_ofWhereTo_areToldInItsWords() {
        int gone;
        try (WordService stopped = WordService.start()) {
            gone = stopped.port();
        }
        try (Gateway gateway = Gateway.serving(catalog()
                .open()
                .service("words", gone, service -> service.setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2))
                .route("words", "/words.Words/Echo", "words"))) {
            Channel channel = channel(gateway);

            assertThat(code(() -> echo(channel, CallOptions.DEFAULT))).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(code(() -> ClientCalls.blockingUnaryCall(channel, WordService.FAIL, CallOptions.DEFAULT, "w")))
                    .isEqualTo(Status.Code.UNIMPLEMENTED);
        }
    }

    @Test
    void answer_thatIsNoneOfGrpc_passesAsItIs() {
        try (RawUpstream upstream =
                        RawUpstream.answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");
                Gateway gateway = Gateway.serving(
                        catalog().open().service("words", upstream.port()).route("words", "/words.Words", "words"));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, head("POST", "/words.Words/Echo", "content-type: application/grpc"));
            client.data(stream, true, "\0\0\0\0\1w");

            assertThat(client.answer(stream).status()).isEqualTo("503");
            assertThat(client.answer(stream).body()).isEqualTo("busy");
        }
    }
}
