package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Upstream;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.TlsSockets;
import io.tollgate.node.fixture.Wire;
import io.tollgate.proto.config.v1.RetryCondition;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.Target;
import io.tollgate.proto.config.v1.TlsVersion;
import io.tollgate.proto.config.v1.UpstreamProtocol;
import io.tollgate.proto.config.v1.UpstreamTls;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to services: whom the node believes, what it shows, and what is agreed on. */
class UpstreamTlsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final TestAuthority AUTHORITY = TestAuthority.root("upstreams");
    private static final TestAuthority.Issued OWN = AUTHORITY.ecdsaFor("127.0.0.1");

    private static Catalog tls(int port, UnaryOperator<UpstreamTls.Builder> tls, UnaryOperator<Service.Builder> more) {
        return catalog()
                .open()
                .trustRoot("internal", AUTHORITY)
                .certificate("gateway", AUTHORITY.rsaFor("gateway.internal"))
                .service("pets", port, service -> more.apply(service.setTls(tls.apply(believing()))))
                .route("pets", "/", "pets");
    }

    private static Catalog tls(int port, UnaryOperator<UpstreamTls.Builder> tls) {
        return tls(port, tls, service -> service);
    }

    private static UpstreamTls.Builder believing() {
        return UpstreamTls.newBuilder().setTrustRootId(id("trust-root", "internal"));
    }

    private static RawUpstream upstream(TestAuthority.Issued shown, Consumer<SSLParameters> more) {
        return RawUpstream.behind(TlsSockets.listening(shown, null, more), UpstreamTlsTest::answer);
    }

    private static RawUpstream upstream(TestAuthority.Issued shown) {
        return upstream(shown, parameters -> {});
    }

    private static void answer(Wire connection) {
        while (connection.readMessage().endsWith("\r\n\r\n")) {
            connection.send(HELLO);
        }
    }

    private static String get(Catalog catalog) {
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            return client.get("/");
        }
    }

    @Test
    void get_certificateOfATrustedAuthority_isServedOverOneConnection() {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawUpstream upstream =
                        RawUpstream.behind(TlsSockets.listening(OWN, null, parameters -> {}), connection -> {
                            heads.add(connection.readMessage());
                            connection.send(HELLO);
                            answer(connection);
                        });
                Gateway gateway = Gateway.serving(tls(upstream.port(), tls -> tls));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).endsWith("hello");
            assertThat(client.get("/")).endsWith("hello");
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(heads.get(0))
                    .contains("Host: 127.0.0.1:" + upstream.port() + "\r\n")
                    .contains("X-Forwarded-Proto: http\r\n");
        }
    }

    @Test
    void get_certificateOfNobodyKnown_is502() {
        try (RawUpstream upstream = upstream(OWN);
                Gateway gateway = Gateway.serving(tls(upstream.port(), UpstreamTls.Builder::clearTrustRootId));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream-certificate")
                    .contains("Proxy-Status: tollgate; error=tls_certificate_error\r\n");
            assertThat(gateway.counters().upstreamConnectFailures()).isEqualTo(1);
        }
    }

    @Test
    void get_certificateOfNobodyKnown_isServedWhenNothingIsVerified() {
        try (RawUpstream upstream = upstream(AUTHORITY.ecdsaFor("other.example.com"))) {
            assertThat(get(tls(upstream.port(), tls -> tls.clearTrustRootId().setVerify(false))))
                    .endsWith("hello");
        }
    }

    @Test
    void get_certificateOfAnotherName_is502() {
        try (RawUpstream upstream = upstream(AUTHORITY.ecdsaFor("other.example.com"))) {
            assertThat(get(tls(upstream.port(), tls -> tls)))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream-certificate");
        }
    }

    @Test
    void get_expiredCertificate_is502() {
        try (RawUpstream upstream = upstream(AUTHORITY.expiredFor("127.0.0.1"))) {
            assertThat(get(tls(upstream.port(), tls -> tls))).contains("upstream-certificate");
        }
    }

    @Test
    void sni_given_isAskedForAndMustBeInTheCertificate() {
        List<String> asked = new CopyOnWriteArrayList<>();
        Consumer<SSLParameters> listening =
                parameters -> parameters.setSNIMatchers(List.of(new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
                    @Override
                    public boolean matches(SNIServerName name) {
                        asked.add(new SNIHostName(name.getEncoded()).getAsciiName());
                        return true;
                    }
                }));
        try (RawUpstream upstream = upstream(AUTHORITY.ecdsaFor("pets.example.com"), listening);
                RawUpstream other = upstream(OWN, listening)) {
            assertThat(get(tls(upstream.port(), tls -> tls.setSni("pets.example.com"))))
                    .endsWith("hello");
            assertThat(asked).contains("pets.example.com");
            assertThat(get(tls(other.port(), tls -> tls.setSni("pets.example.com"))))
                    .as("it is the address that this one's certificate has")
                    .contains("upstream-certificate");
            asked.clear();
            assertThat(get(tls(other.port(), tls -> tls))).endsWith("hello");
            assertThat(asked).as("an address is not asked for").isEmpty();
        }
    }

    @Test
    void peer_withoutTls_is502() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> connection.send(HELLO))) {
            assertThat(get(tls(upstream.port(), tls -> tls)))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream-tls")
                    .contains("Proxy-Status: tollgate; error=tls_protocol_error\r\n");
        }
    }

    @Test
    void peer_thatClosesInTheHandshake_is502() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> connection.read(1))) {
            assertThat(get(tls(upstream.port(), tls -> tls))).contains("upstream-tls");
        }
    }

    @Test
    void peer_silentInTheHandshake_is504() {
        try (RawUpstream upstream = RawUpstream.scripted(Wire::readToEnd)) {
            assertThat(get(tls(upstream.port(), tls -> tls, service -> service.setConnectTimeoutMillis(200))))
                    .startsWith("HTTP/1.1 504 ")
                    .contains("upstream-connect-timeout");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientCertificate_askedFor_isShown(String version) {
        Consumer<SSLParameters> only = parameters -> parameters.setProtocols(new String[] {version});
        try (RawUpstream upstream =
                RawUpstream.behind(TlsSockets.listening(OWN, AUTHORITY, only), UpstreamTlsTest::answerOrBeRefused)) {
            assertThat(get(tls(upstream.port(), tls -> tls.setClientCertificateId(id("certificate", "gateway")))))
                    .endsWith("hello");
            assertThat(get(tls(upstream.port(), tls -> tls)))
                    .as("without one")
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream-tls");
        }
    }

    private static void answerOrBeRefused(Wire connection) {
        answer(connection);
    }

    @Test
    void version_belowTheLeast_is502() {
        Consumer<SSLParameters> old = parameters -> parameters.setProtocols(new String[] {"TLSv1.2"});
        try (RawUpstream upstream = upstream(OWN, old)) {
            assertThat(get(tls(upstream.port(), tls -> tls))).endsWith("hello");
            assertThat(get(tls(upstream.port(), tls -> tls.setVersionMin(TlsVersion.TLS_VERSION_TLS13))))
                    .contains("upstream-tls");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPSTREAM_PROTOCOL_HTTP2", "UPSTREAM_PROTOCOL_AUTO"})
    void http2_agreedOn_isSpoken(String protocol) throws SSLException {
        try (Http2Upstream upstream = Http2Upstream.scripted(
                        Http2Upstream.Settings.PLAIN.encryption(http2()), request -> request.answer("200", "hello"));
                Gateway gateway = Gateway.serving(tls(
                        upstream.port(),
                        tls -> tls,
                        service -> service.setProtocol(UpstreamProtocol.valueOf(protocol))));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).endsWith("hello");
            assertThat(client.get("/")).endsWith("hello");
            assertThat(upstream.next().headers().scheme()).hasToString("https");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void auto_peerOfHttp1_isServed() {
        Consumer<SSLParameters> http1 = parameters -> parameters.setApplicationProtocols(new String[] {"http/1.1"});
        try (RawUpstream upstream = upstream(OWN, http1);
                Gateway gateway = Gateway.serving(tls(
                        upstream.port(),
                        tls -> tls,
                        service -> service.setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_AUTO)));
                RawClient first = gateway.connect();
                RawClient second = gateway.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(first.readMessage()).endsWith("hello");
            assertThat(second.readMessage()).endsWith("hello");
            assertThat(first.get("/")).endsWith("hello");
            assertThat(upstream.connections()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void http2_peerThatAgreesToNothing_is502() {
        try (RawUpstream upstream = upstream(OWN)) {
            assertThat(get(tls(
                            upstream.port(),
                            tls -> tls,
                            service -> service.setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2))))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream-protocol");
        }
    }

    @Test
    void retry_sameTarget_isNotAskedTwiceWithTheSameCertificate() {
        try (RawUpstream upstream = upstream(AUTHORITY.ecdsaFor("other.example.com"));
                RawUpstream good = upstream(OWN)) {
            UnaryOperator<Service.Builder> retried = service -> {
                service.getRetryBuilder()
                        .setRetries(3)
                        .addConditions(RetryCondition.RETRY_CONDITION_CONNECT)
                        .setBudgetPercent(100)
                        .setBudgetRetriesPerSecondMin(100);
                return service;
            };
            assertThat(get(tls(upstream.port(), tls -> tls, retried))).contains("upstream-certificate");
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(get(tls(
                            upstream.port(),
                            tls -> tls,
                            service -> retried.apply(service)
                                    .addTargets(Target.newBuilder()
                                            .setHost("127.0.0.1")
                                            .setPort(good.port())
                                            .setWeight(1)))))
                    .as("another target")
                    .endsWith("hello");
        }
    }

    @Test
    void change_ofSomethingElse_keepsConnectionsAndOfWhomToBelieveDoesNot() {
        try (RawUpstream upstream = upstream(OWN)) {
            Catalog catalog = tls(upstream.port(), tls -> tls);
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/")).endsWith("hello");
                gateway.serve(catalog.service(
                        "pets",
                        upstream.port(),
                        service -> service.setTls(believing()).setIdleTimeoutMillis(9_000)));
                assertThat(client.get("/")).endsWith("hello");
                assertThat(upstream.connections()).isEqualTo(1);
                gateway.serve(catalog.trustRoot("internal", TestAuthority.root("another")));
                assertThat(client.get("/")).contains("upstream-certificate");
                gateway.serve(catalog.trustRoot("internal", AUTHORITY));
                assertThat(client.get("/")).endsWith("hello");
                Await.until("a connection of its own", () -> upstream.connections() >= 3);
            }
        }
    }

    @Test
    void answer_withoutLength_isWholeWhenTlsIsClosed() {
        try (RawUpstream upstream =
                RawUpstream.behind(TlsSockets.listening(OWN, null, parameters -> {}), connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\n\r\nhello");
                })) {
            assertThat(get(tls(upstream.port(), tls -> tls))).contains("hello").endsWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void answer_withoutLength_isCutWhenOnlyTheConnectionIsClosed() throws SSLException {
        SslContext context = SslContextBuilder.forServer(OWN.keys().getPrivate(), OWN.chain())
                .build();
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(context.newHandler(channel.alloc()), new Cutting());
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            try (Gateway gateway = Gateway.serving(tls(port, tls -> tls));
                    RawClient client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                String answer;
                try {
                    answer = client.readToEnd();
                } catch (UncheckedIOException e) {
                    answer = "";
                }
                assertThat(answer).doesNotEndWith("\r\n0\r\n\r\n");
                assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
            }
        } finally {
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Answers, and closes below TLS. */
    private static final class Cutting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            context.writeAndFlush(Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\n\r\nhello", StandardCharsets.US_ASCII))
                    .addListener(written -> context.channel()
                            .unsafe()
                            .close(context.channel().unsafe().voidPromise()));
        }
    }

    private static Consumer<ChannelPipeline> http2() throws SSLException {
        SslContext context = SslContextBuilder.forServer(OWN.keys().getPrivate(), OWN.chain())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();
        return pipeline ->
                pipeline.addLast(context.newHandler(pipeline.channel().alloc()));
    }
}
