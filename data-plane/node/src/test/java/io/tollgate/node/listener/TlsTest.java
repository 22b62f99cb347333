package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestAuthority.Issued;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.HelloProbe;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.TlsClient;
import io.tollgate.node.tls.HandshakeCounters.End;
import io.tollgate.node.tls.TlsStack;
import io.tollgate.proto.config.v1.ClientCertificates;
import io.tollgate.proto.config.v1.ListenerProtocol;
import io.tollgate.proto.config.v1.ListenerTls;
import io.tollgate.proto.config.v1.TlsProfile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that speak TLS, by each TLS stack that there is here, over real sockets with the JDK's client. */
class TlsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final TestAuthority AUTHORITY = ROOT.intermediate("authority");
    private static final Issued SHOP_ECDSA = AUTHORITY.ecdsaFor("shop.example.com");
    private static final Issued SHOP_RSA = AUTHORITY.rsaFor("shop.example.com");
    private static final Issued WILDCARD = AUTHORITY.ecdsaFor("*.example.com");
    private static final Issued OTHER = AUTHORITY.rsaFor("api.example.org");
    private static final String[] RSA_SUITES = {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"};
    private static final String[] ECDSA_SUITES = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final int port = freePort();
    private final List<Gateway> gateways = new ArrayList<>();

    static Stream<TlsStack> stacks() {
        return Stream.of(TlsStack.choose(), TlsStack.JDK).distinct();
    }

    @AfterEach
    void close() {
        gateways.forEach(Gateway::close);
        upstream.close();
    }

    private Catalog petstore() {
        return catalog()
                .service("petstore", upstream.port())
                .route("pets", "/pets", "petstore")
                .open();
    }

    private Gateway serve(TlsStack stack, Catalog catalog) {
        Gateway gateway = Gateway.serving(catalog, stack);
        gateways.add(gateway);
        assertThat(gateway.listeners())
                .allSatisfy(state -> assertThat(state.failure()).isNull());
        return gateway;
    }

    private static TlsClient client() {
        return TlsClient.trusting(ROOT);
    }

    @Test
    void stack_nativeWhereItsFileFits() {
        boolean fits = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").matches("amd64|aarch64");
        if (fits) {
            assertThat(TlsStack.choose()).as(TlsStack.JDK.detail()).isEqualTo(TlsStack.OPENSSL);
        }
        assertThat(TlsStack.choose().detail()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void call_overTls_isServedAndForwardedAsHttps(TlsStack stack) throws IOException {
        Gateway gateway =
                serve(stack, petstore().certificate("shop", SHOP_ECDSA).tlsListener("edge", port, tls -> tls));

        try (TlsClient.Connection connection = client().name("shop.example.com").connect(port)) {
            assertThat(connection.version()).isEqualTo("TLSv1.3");
            assertThat(connection.socket().getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(connection.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(connection.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("hello");
        }
        assertThat(upstream.requests().get(0))
                .containsIgnoringCase("X-Forwarded-Proto: https")
                .contains("proto=https");
        assertThat(gateway.handshakes().count(End.TLS_1_3)).isEqualTo(1);
    }

    private static X509Certificate shown(TlsClient client, int port) throws IOException {
        try (TlsClient.Connection connection = client.connect(port)) {
            return connection.shown();
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void certificate_bySni_exactBeforeWildcardBeforeTheFirst(TlsStack stack) throws IOException {
        serve(
                stack,
                petstore()
                        .certificate("other", OTHER)
                        .certificate("wildcard", WILDCARD)
                        .certificate("shop", SHOP_RSA)
                        .tlsListener("edge", port, tls -> tls));

        assertThat(shown(client().name("shop.example.com"), port)).isEqualTo(SHOP_RSA.certificate());
        assertThat(shown(client().name("SHOP.example.com"), port)).isEqualTo(SHOP_RSA.certificate());
        assertThat(shown(client().name("cart.example.com"), port)).isEqualTo(WILDCARD.certificate());
        // A wildcard stands for one label, and not for none.
        assertThat(shown(client().name("a.cart.example.com"), port)).isEqualTo(OTHER.certificate());
        assertThat(shown(client().name("example.com"), port)).isEqualTo(OTHER.certificate());
        assertThat(shown(client().name("unknown.test"), port)).isEqualTo(OTHER.certificate());
        assertThat(shown(client().name(null), port)).isEqualTo(OTHER.certificate());
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void certificate_rsaAndEcdsaSideBySide_byWhatTheClientCanUse(TlsStack stack) throws IOException {
        serve(
                stack,
                petstore()
                        .certificate("rsa", SHOP_RSA)
                        .certificate("ecdsa", SHOP_ECDSA)
                        .certificate("wildcard", WILDCARD)
                        .tlsListener("edge", port, tls -> tls));

        TlsClient both = client().name("shop.example.com");
        assertThat(shown(both, port)).isEqualTo(SHOP_ECDSA.certificate());
        assertThat(shown(both.versions("TLSv1.2"), port)).isEqualTo(SHOP_ECDSA.certificate());
        // Its signature algorithms name ECDSA all the same; its suites do not.
        assertThat(shown(both.versions("TLSv1.2").suites(RSA_SUITES), port)).isEqualTo(SHOP_RSA.certificate());
        assertThat(shown(both.versions("TLSv1.2").suites(ECDSA_SUITES), port)).isEqualTo(SHOP_ECDSA.certificate());
        // Only a certificate for another name has a kind of key that this one can use.
        TlsClient wildcard =
                client().name("cart.example.com").versions("TLSv1.2").suites(RSA_SUITES);
        assertThat(shown(wildcard, port)).isEqualTo(SHOP_RSA.certificate());
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void certificates_namedByTheListener_areThoseOnlyInTheirOrder(TlsStack stack) throws IOException {
        serve(
                stack,
                petstore()
                        .certificate("a-shop", SHOP_RSA)
                        .certificate("other", OTHER)
                        .certificate("wildcard", WILDCARD)
                        .tlsListener(
                                "edge",
                                port,
                                tls -> tls.addCertificateIds(id("certificate", "wildcard"))
                                        .addCertificateIds(id("certificate", "other"))));

        assertThat(shown(client().name("unknown.test"), port)).isEqualTo(WILDCARD.certificate());
        assertThat(shown(client().name("shop.example.com"), port)).isEqualTo(WILDCARD.certificate());
        assertThat(shown(client().name("api.example.org"), port)).isEqualTo(OTHER.certificate());
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void profile_modern_refusesTls12AndIntermediateTakesIt(TlsStack stack) throws IOException {
        Catalog catalog = petstore()
                .certificate("shop", SHOP_ECDSA)
                .tlsListener("edge", port, tls -> tls.setProfile(TlsProfile.TLS_PROFILE_MODERN));
        Gateway gateway = serve(stack, catalog);
        TlsClient old = client().name("shop.example.com").versions("TLSv1.2");

        assertThatThrownBy(() -> old.connect(port)).isInstanceOf(IOException.class);
        try (TlsClient.Connection modern = client().name("shop.example.com").connect(port)) {
            assertThat(modern.version()).isEqualTo("TLSv1.3");
            gateway.serve(
                    catalog.tlsListener("edge", port, tls -> tls.setProfile(TlsProfile.TLS_PROFILE_INTERMEDIATE)));

            assertThat(shown(old, port)).isEqualTo(SHOP_ECDSA.certificate());
            assertThatThrownBy(() -> client().versions("TLSv1.2")
                            .suites("TLS_RSA_WITH_AES_128_GCM_SHA256")
                            .connect(port))
                    .isInstanceOf(IOException.class);
            assertThat(modern.get("/pets")).as("no connection is closed").startsWith("HTTP/1.1 200 ");
        }
        assertThat(gateway.handshakes().count(End.TLS_1_2)).isEqualTo(1);
        assertThat(gateway.handshakes().count(End.NO_AGREEMENT)).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void certificate_replacedUnderLoad_noCallFailsAndNoConnectionCloses(TlsStack stack) throws Exception {
        Catalog catalog = petstore().certificate("shop", SHOP_ECDSA).tlsListener("edge", port, tls -> tls);
        Gateway gateway = serve(stack, catalog);
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try (TlsClient.Connection kept = client().name("shop.example.com").connect(port)) {
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                loads.add(callers.submit(() -> {
                    while (!enough.get()) {
                        // A client of its own each time: full handshakes.
                        try (TlsClient.Connection connection =
                                client().name("shop.example.com").connect(port)) {
                            assertThat(connection.get("/pets")).startsWith("HTTP/1.1 200 ");
                            calls.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            Issued last = SHOP_ECDSA;
            for (int i = 0; i < 10; i++) {
                int before = calls.get();
                last = i % 2 == 0 ? AUTHORITY.rsaFor("shop.example.com") : AUTHORITY.ecdsaFor("shop.example.com");
                gateway.serve(catalog.certificate("shop", last));
                while (calls.get() < before + 3 && loads.stream().noneMatch(Future::isDone)) {
                    Thread.onSpinWait();
                }
            }
            assertThat(shown(client().name("shop.example.com"), port)).isEqualTo(last.certificate());
            assertThat(kept.get("/pets")).startsWith("HTTP/1.1 200 ");
            enough.set(true);
            for (Future<?> load : loads) {
                load.get();
            }
        } finally {
            enough.set(true);
            callers.shutdownNow();
        }
    }

    private Gateway asking(TlsStack stack, ClientCertificates how) {
        return serve(
                stack,
                petstore()
                        .certificate("shop", SHOP_ECDSA)
                        .trustRoot("partners", ROOT)
                        .tlsListener(
                                "edge",
                                port,
                                tls -> tls.setClientCertificates(how).addTrustRootIds(id("trust-root", "partners"))));
    }

    /** The answer to a client that shows this certificate; in TLS 1.3 it learns of a refusal when it reads. */
    private String answer(@org.jspecify.annotations.Nullable Issued own, String version) throws IOException {
        try (TlsClient.Connection connection = TlsClient.showing(ROOT, own)
                .name("shop.example.com")
                .versions(version)
                .connect(port)) {
            return connection.get("/pets");
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void clientCertificate_required_onlyThoseThatAreBelievedComeIn(TlsStack stack) throws IOException {
        Gateway gateway = asking(stack, ClientCertificates.CLIENT_CERTIFICATES_REQUIRE);
        Issued stranger = TestAuthority.root("elsewhere").ecdsaFor("partner");
        for (String version : List.of("TLSv1.3", "TLSv1.2")) {
            assertThat(answer(AUTHORITY.ecdsaFor("partner"), version)).startsWith("HTTP/1.1 200 ");
            assertThat(answer(AUTHORITY.rsaFor("partner"), version)).startsWith("HTTP/1.1 200 ");
            refused(null, version);
            refused(stranger, version);
            refused(AUTHORITY.expiredFor("partner"), version);
        }
        assertThat(gateway.handshakes().count(End.CLIENT_CERTIFICATE)).isGreaterThanOrEqualTo(4);
    }

    private void refused(@org.jspecify.annotations.Nullable Issued own, String version) {
        String answer;
        try {
            answer = answer(own, version);
        } catch (IOException refused) {
            return;
        }
        assertThat(answer).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void clientCertificate_requested_mayBeLeftOutButNotBeWrong(TlsStack stack) throws IOException {
        asking(stack, ClientCertificates.CLIENT_CERTIFICATES_REQUEST);

        assertThat(answer(null, "TLSv1.3")).startsWith("HTTP/1.1 200 ");
        assertThat(answer(AUTHORITY.ecdsaFor("partner"), "TLSv1.3")).startsWith("HTTP/1.1 200 ");
        refused(TestAuthority.root("elsewhere").ecdsaFor("partner"), "TLSv1.2");
        refused(AUTHORITY.expiredFor("partner"), "TLSv1.2");
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void session_resumed_inBothVersions(TlsStack stack) throws Exception {
        serve(stack, petstore().certificate("shop", SHOP_ECDSA).tlsListener("edge", port, tls -> tls));
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            TlsClient client = client().name("shop.example.com").versions(version);
            long first;
            try (TlsClient.Connection connection = client.connect(port)) {
                // The tickets of TLS 1.3 come with the answer.
                assertThat(connection.get("/pets")).startsWith("HTTP/1.1 200 ");
                first = connection.socket().getSession().getCreationTime();
            }
            // A session that is made anew is younger.
            while (System.currentTimeMillis() <= first) {
                Thread.onSpinWait();
            }
            try (TlsClient.Connection connection = client.connect(port)) {
                assertThat(connection.get("/pets")).startsWith("HTTP/1.1 200 ");
                assertThat(connection.socket().getSession().getCreationTime())
                        .as(version)
                        .isEqualTo(first);
            }
        }
    }

    private HttpResponse<String> call(HttpClient.Version version) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newBuilder()
                .sslContext(client().context())
                .version(version)
                .build();
        return http.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/pets"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void version_byAlpn_isTheBestThatTheListenerSpeaks(TlsStack stack) throws Exception {
        Catalog catalog = petstore()
                .certificate("here", AUTHORITY.ecdsaFor("localhost"))
                .listener(
                        "edge",
                        port,
                        listener -> listener.addProtocols(ListenerProtocol.LISTENER_PROTOCOL_HTTP2)
                                .setTls(ListenerTls.getDefaultInstance()));
        Gateway gateway = serve(stack, catalog);

        HttpResponse<String> two = call(HttpClient.Version.HTTP_2);
        assertThat(two.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(two.body()).isEqualTo("hello");
        assertThat(upstream.requests().get(0)).containsIgnoringCase("X-Forwarded-Proto: https");
        HttpResponse<String> one = call(HttpClient.Version.HTTP_1_1);
        assertThat(one.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(one.body()).isEqualTo("hello");

        // At the same place, and no other: who agreed on another protocol before keeps it.
        gateway.serve(catalog.tlsListener("edge", port, tls -> tls));
        assertThat(call(HttpClient.Version.HTTP_2).version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        gateway.serve(catalog.listener(
                "edge",
                port,
                listener -> listener.clearProtocols()
                        .addProtocols(ListenerProtocol.LISTENER_PROTOCOL_HTTP2)
                        .setTls(ListenerTls.getDefaultInstance())));
        assertThat(call(HttpClient.Version.HTTP_2).version()).isEqualTo(HttpClient.Version.HTTP_2);
        try (TlsClient.Connection none = client().name("localhost").connect(port)) {
            assertThat(none.get("/pets")).as("HTTP/1 is not spoken").isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void plainText_onATlsPort_isClosedAndCounted(TlsStack stack) {
        Gateway gateway =
                serve(stack, petstore().certificate("shop", SHOP_ECDSA).tlsListener("edge", port, tls -> tls));
        try (RawClient plain = new RawClient(port)) {
            plain.send("GET /pets HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(plain.isClosedByPeer()).isTrue();
        }
        while (gateway.handshakes().count(End.NOT_TLS) == 0) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void listener_tlsTurnedOnAndOff_takesOverAtTheSamePlace(TlsStack stack) throws IOException {
        Catalog catalog = petstore().certificate("shop", SHOP_ECDSA).listener("edge", port);
        Gateway gateway = serve(stack, catalog);
        try (RawClient plain = new RawClient(port)) {
            assertThat(plain.get("/pets")).startsWith("HTTP/1.1 200 ");
            gateway.serve(catalog.tlsListener("edge", port, tls -> tls));
            try (TlsClient.Connection secure = client().name("shop.example.com").connect(port)) {
                assertThat(secure.get("/pets")).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.listener("edge", port));
                assertThat(secure.get("/pets")).as("it is kept").startsWith("HTTP/1.1 200 ");
            }
            assertThat(plain.get("/pets")).as("it is kept").startsWith("HTTP/1.1 200 ");
        }
        try (RawClient plain = new RawClient(port)) {
            assertThat(plain.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
        gateway.serve(catalog.remove("listener", "edge"));
        assertThatThrownBy(() -> new HelloProbe().dial(port)).isInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void listener_tlsTurnedOnAndOffWhileAllDial_refusesNobody(boolean byAnotherListener) throws Exception {
        Catalog catalog = petstore().certificate("shop", SHOP_ECDSA).listener("edge", port);
        Gateway gateway = serve(TlsStack.choose(), catalog);
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger dials = new AtomicInteger();
        ExecutorService dialers = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> dialling = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                dialling.add(dialers.submit(() -> {
                    HelloProbe probe = new HelloProbe();
                    while (!enough.get()) {
                        probe.dial(port);
                        dials.incrementAndGet();
                    }
                    return null;
                }));
            }
            HelloProbe probe = new HelloProbe();
            for (int change = 0; change < 40; change++) {
                boolean secure = change % 2 == 0;
                String name = byAnotherListener && secure ? "secure" : "edge";
                catalog.remove("listener", "edge").remove("listener", "secure");
                gateway.serve(secure ? catalog.tlsListener(name, port, tls -> tls) : catalog.listener(name, port));
                assertThat(probe.dial(port)).isEqualTo(secure ? HelloProbe.Spoken.TLS : HelloProbe.Spoken.CLEAR);
                int before = dials.get();
                while (dials.get() < before + 10 && dialling.stream().noneMatch(Future::isDone)) {
                    Thread.onSpinWait();
                }
            }
            enough.set(true);
            for (Future<?> one : dialling) {
                one.get();
            }
        } finally {
            enough.set(true);
            dialers.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void listener_replacedByAnotherAtTheSamePlace_isSecuredAsTheNewOneSays(TlsStack stack) throws IOException {
        Catalog catalog = petstore()
                .certificate("wildcard", WILDCARD)
                .certificate("shop", SHOP_ECDSA)
                .trustRoot("partners", ROOT)
                .tlsListener("old", port, tls -> tls.addCertificateIds(id("certificate", "wildcard")));
        Gateway gateway = serve(stack, catalog);
        assertThat(shown(client().name("shop.example.com"), port)).isEqualTo(WILDCARD.certificate());

        gateway.serve(catalog.remove("listener", "old")
                .tlsListener(
                        "new",
                        port,
                        tls -> tls.addCertificateIds(id("certificate", "shop"))
                                .setClientCertificates(ClientCertificates.CLIENT_CERTIFICATES_REQUIRE)
                                .addTrustRootIds(id("trust-root", "partners"))));

        assertThat(answer(AUTHORITY.ecdsaFor("partner"), "TLSv1.3")).startsWith("HTTP/1.1 200 ");
        refused(null, "TLSv1.2");
        try (TlsClient.Connection connection = TlsClient.showing(ROOT, AUTHORITY.ecdsaFor("partner"))
                .name("shop.example.com")
                .connect(port)) {
            assertThat(connection.shown()).isEqualTo(SHOP_ECDSA.certificate());
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
