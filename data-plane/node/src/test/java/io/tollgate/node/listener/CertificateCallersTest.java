package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestAuthority.Issued;
import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.engine.tls.PeerCertificate;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.IntrospectionServer;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.TlsClient;
import io.tollgate.node.tls.TlsStack;
import io.tollgate.proto.config.v1.Access;
import io.tollgate.proto.config.v1.AccessEffect;
import io.tollgate.proto.config.v1.AccessRule;
import io.tollgate.proto.config.v1.CertificateBinding;
import io.tollgate.proto.config.v1.ClientCertificateAuth;
import io.tollgate.proto.config.v1.ClientCertificateBinding;
import io.tollgate.proto.config.v1.ClientCertificates;
import io.tollgate.proto.config.v1.ConsumerBy;
import io.tollgate.proto.config.v1.ForwardedClaim;
import io.tollgate.proto.config.v1.ListenerTls;
import io.tollgate.proto.config.v1.TokenIntrospection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Callers that prove themselves with client certificates, and tokens that are bound to one, through real TLS. */
class CertificateCallersTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final Issued HERE = ROOT.ecdsaFor("localhost");
    private static final Issued PARTNER = ROOT.issue(
            TestAuthority.ecdsa("secp256r1"), 90, "partner", "spiffe://example.com/partner", "ops@example.com");
    private static final Issued STRANGER = ROOT.ecdsaFor("stranger");
    private static final TestIssuer LOGIN = TestIssuer.of("k1", "ES256");

    private final AtomicLong aheadNanos = new AtomicLong();
    private final AtomicLong aheadMillis = new AtomicLong();
    private final Clock clock = new Clock() {
        @Override
        public long nanos() {
            return Gateway.CLOCK.nanos() + aheadNanos.get();
        }

        @Override
        public long epochMillis() {
            return Gateway.CLOCK.epochMillis() + aheadMillis.get();
        }
    };
    private final int port = freePort();

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Catalog asking(RawUpstream upstream, String... proxies) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .consumer("acme", "gold")
                .consumer("globex", "gold")
                .certificate("here", HERE)
                .trustRoot("partners", ROOT)
                .listener(
                        "edge",
                        port,
                        listener -> listener.addAllTrustedProxies(java.util.List.of(proxies))
                                .setTls(ListenerTls.newBuilder()
                                        .setClientCertificates(ClientCertificates.CLIENT_CERTIFICATES_REQUEST)
                                        .addTrustRootIds(id("trust-root", "partners"))));
    }

    private static Catalog policy(Catalog catalog, ClientCertificateAuth.Builder says) {
        return catalog.policy("certificates", policy -> policy.setClientCertificate(says));
    }

    private static Catalog bound(Catalog catalog, String consumer, ClientCertificateBinding.Builder by) {
        return catalog.bound("machine", consumer, credential -> credential.setClientCertificate(by));
    }

    private static ClientCertificateBinding.Builder by() {
        return ClientCertificateBinding.newBuilder();
    }

    private Gateway serving(Catalog catalog) {
        return Gateway.serving(catalog, TlsStack.choose(), clock);
    }

    private String get(Issued shown, String... fields) throws IOException {
        return get(TlsClient.showing(ROOT, shown), fields);
    }

    private String get(TlsClient client, String... fields) throws IOException {
        try (TlsClient.Connection connection = client.connect(port)) {
            return connection.get("/pets", fields);
        }
    }

    @Test
    void certificate_provesWhoeverIsBoundToWhatItSays() throws IOException {
        String digest = PeerCertificate.of(PARTNER.chain()).fingerprintSha256();
        ClientCertificateBinding.Builder[] bindings = {
            by().setSubject("cn=PARTNER"),
            by().setDns("Partner"),
            by().setUri("spiffe://example.com/partner"),
            by().setEmail("ops@EXAMPLE.com"),
            by().setFingerprintSha256(digest.toUpperCase(java.util.Locale.ROOT)),
        };
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = policy(asking(upstream), ClientCertificateAuth.newBuilder());
            try (Gateway gateway = serving(catalog)) {
                for (ClientCertificateBinding.Builder binding : bindings) {
                    gateway.serve(bound(catalog, "acme", binding));
                    assertThat(get(PARTNER)).as("%s", binding).startsWith("HTTP/1.1 200 ");
                }
                assertThat(upstream.requests())
                        .hasSize(bindings.length)
                        .allMatch(request -> request.contains("X-Consumer-Name: acme"));
                assertRefused(get(STRANGER), Outcome.CERTIFICATE_UNKNOWN);
                assertRefused(get(TlsClient.trusting(ROOT)), Outcome.CREDENTIAL_MISSING);
            }
        }
    }

    private static void assertRefused(String answer, Outcome outcome) {
        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .contains("urn:tollgate:problem:" + outcome.word())
                .containsIgnoringCase("www-authenticate: ClientCertificate realm=\"tollgate\"");
    }

    @Test
    void severalBindings_theMostParticularOneProves() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = policy(asking(upstream), ClientCertificateAuth.newBuilder())
                    .bound("b1", "acme", credential -> credential.setClientCertificate(by().setSubject("CN=partner")))
                    .bound(
                            "b2",
                            "globex",
                            credential -> credential.setClientCertificate(by().setUri("spiffe://example.com/partner")));
            try (Gateway gateway = serving(catalog)) {
                assertThat(get(PARTNER)).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.remove("credential", "b2"));
                assertThat(get(PARTNER)).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.remove("credential", "b1"));
                assertRefused(get(PARTNER), Outcome.CERTIFICATE_UNKNOWN);
            }
            assertThat(upstream.requests().get(0)).contains("X-Consumer-Name: globex");
            assertThat(upstream.requests().get(1)).contains("X-Consumer-Name: acme");
        }
    }

    @Test
    void certificate_ofAProxyThatIsBelieved_provesNobody() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = policy(asking(upstream, "127.0.0.1"), ClientCertificateAuth.newBuilder());
            try (Gateway gateway = serving(bound(catalog, "acme", by().setDns("partner")))) {
                assertRefused(get(PARTNER, "X-Forwarded-For: 203.0.113.9"), Outcome.CREDENTIAL_MISSING);
                assertThat(gateway.counters().count(Outcome.CREDENTIAL_MISSING)).isEqualTo(1);
            }
        }
    }

    @Test
    void connectionThatOutlivesItsCertificate_isRefusedFromThenOn() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = policy(asking(upstream), ClientCertificateAuth.newBuilder());
            try (Gateway gateway = serving(bound(catalog, "acme", by().setDns("partner")));
                    TlsClient.Connection connection =
                            TlsClient.showing(ROOT, PARTNER).connect(port)) {
                assertThat(connection.get("/pets")).startsWith("HTTP/1.1 200 ");
                aheadMillis.set(Duration.ofDays(91).toMillis());
                assertRefused(connection.get("/pets"), Outcome.CERTIFICATE_EXPIRED);
                assertThat(gateway.counters().count(Outcome.CERTIFICATE_EXPIRED))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void stream_endsWithItsCredentialAndWithTheTimeOfItsCertificate() throws IOException, InterruptedException {
        for (boolean revoked : new boolean[] {true, false}) {
            aheadMillis.set(0);
            try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                connection.readMessage();
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n");
                connection.readToEnd();
            })) {
                Catalog catalog = policy(asking(upstream), ClientCertificateAuth.newBuilder());
                try (Gateway gateway = serving(bound(catalog, "acme", by().setDns("partner")));
                        TlsClient.Connection connection =
                                TlsClient.showing(ROOT, PARTNER).connect(port)) {
                    assertThat(connection.get("/pets")).startsWith("HTTP/1.1 200 ");
                    if (revoked) {
                        gateway.serve(catalog.remove("credential", "machine"));
                    } else {
                        aheadMillis.set(Duration.ofDays(91).toMillis());
                    }
                    aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
                    Await.until("it has ended", () -> gateway.counters().count(Outcome.STREAM_REVOKED) == 1);
                }
            }
        }
    }

    @Test
    void forwarded_theServiceGetsItAndNeverWhatTheClientSays() throws Exception {
        String own = Base64.getEncoder().encodeToString(PARTNER.certificate().getEncoded());
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = bound(asking(upstream), "acme", by().setDns("partner"));
            try (Gateway gateway = serving(policy(catalog, ClientCertificateAuth.newBuilder()))) {
                String[] claimed = {"client-cert: :AAAA:", "Client-Cert-Chain: :AAAA:"};
                assertThat(get(PARTNER, claimed)).startsWith("HTTP/1.1 200 ");
                gateway.serve(policy(catalog, ClientCertificateAuth.newBuilder().setForwardCertificate(true)));
                assertThat(get(PARTNER, claimed)).startsWith("HTTP/1.1 200 ");
            }
            assertThat(upstream.requests().get(0)).doesNotContainIgnoringCase("client-cert");
            assertThat(upstream.requests().get(1))
                    .contains("Client-Cert: :" + own + ":")
                    .doesNotContain("AAAA:\r\n");
        }
    }

    @Test
    void anonymous_passesWithoutACertificateOnly() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = serving(policy(
                        asking(upstream), ClientCertificateAuth.newBuilder().setAnonymousAllowed(true)))) {
            assertThat(get(TlsClient.trusting(ROOT))).startsWith("HTTP/1.1 200 ");
            assertRefused(get(STRANGER), Outcome.CERTIFICATE_UNKNOWN);
            assertThat(gateway.counters().count(Outcome.CERTIFICATE_UNKNOWN)).isEqualTo(1);
        }
    }

    private static String thumbprint(Issued of) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        HexFormat.of().parseHex(PeerCertificate.of(of.chain()).fingerprintSha256()));
    }

    private String token(String confirmation) {
        String claims = TestIssuer.claims("https://login.example.com", "acme", clock.epochMillis());
        return "Authorization: Bearer "
                + LOGIN.token(
                        confirmation.isEmpty() ? claims : claims.replaceFirst("\\{", "{\"cnf\":" + confirmation + ","));
    }

    @Test
    void token_boundToACertificate_holdsWithThisOneOnly() throws IOException, InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = asking(upstream)
                    .tokenIssuer(
                            "login",
                            issuer ->
                                    issuer.setJwks(TestIssuer.jwks(LOGIN)).setConsumerBy(ConsumerBy.CONSUMER_BY_NAME));
            String bound = token("{\"x5t#S256\":\"" + thumbprint(PARTNER) + "\"}");
            try (Gateway gateway = serving(catalog.jwt("login", policy -> policy))) {
                assertThat(get(PARTNER, bound)).startsWith("HTTP/1.1 200 ");
                // Found good before, and remembered: the connection decides all the same.
                assertUnbound(get(STRANGER, bound));
                assertUnbound(get(TlsClient.trusting(ROOT), bound));
                assertUnbound(get(PARTNER, token("{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}")));
                assertThat(get(STRANGER, token(""))).startsWith("HTTP/1.1 200 ");

                gateway.serve(catalog.jwt(
                        "login",
                        policy -> policy.setCertificateBinding(CertificateBinding.CERTIFICATE_BINDING_REQUIRED)));
                assertThat(get(PARTNER, bound)).startsWith("HTTP/1.1 200 ");
                assertUnbound(get(PARTNER, token("")));
                assertThat(gateway.logged()).doesNotContain("eyJ");
            }
        }
    }

    private static void assertUnbound(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .contains("urn:tollgate:problem:token-binding")
                .containsIgnoringCase("www-authenticate: Bearer realm=\"tollgate\", error=\"invalid_token\"");
    }

    @Test
    void token_refusedBesideAGoodCertificate_givesItNothing() throws IOException, InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = policy(asking(upstream), ClientCertificateAuth.newBuilder())
                    .consumer("away", consumer -> consumer.setEnabled(false))
                    .tokenIssuer(
                            "login",
                            issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)).setConsumerBy(ConsumerBy.CONSUMER_BY_NAME))
                    .jwt(
                            "login",
                            policy -> policy.addForwardClaims(ForwardedClaim.newBuilder()
                                    .setClaim("tenant")
                                    .setHeader("X-Tenant")));
            bound(
                    catalog,
                    "globex",
                    by().setFingerprintSha256(
                                    PeerCertificate.of(PARTNER.chain()).fingerprintSha256()));
            String claims = TestIssuer.claims("https://login.example.com", "away", clock.epochMillis())
                    .replaceFirst("\\{", "{\"scope\":\"pets.write\",\"tenant\":\"blue\",");
            String token = "Authorization: Bearer " + LOGIN.token(claims);
            try (Gateway gateway = serving(catalog)) {
                assertThat(get(TlsClient.trusting(ROOT), token)).contains(Outcome.CONSUMER_DISABLED.word());
                assertThat(get(PARTNER, token)).startsWith("HTTP/1.1 200 ");
                assertThat(upstream.requests())
                        .singleElement()
                        .satisfies(request -> assertThat(request)
                                .contains("X-Consumer-Name: globex")
                                .doesNotContain("X-Tenant", "blue"));
                gateway.serve(catalog.policy(
                        "access",
                        policy -> policy.setAccess(Access.newBuilder()
                                .addRules(AccessRule.newBuilder()
                                        .setEffect(AccessEffect.ACCESS_EFFECT_ALLOW)
                                        .addScopes("pets.write")))));
                assertThat(get(PARTNER, token)).startsWith("HTTP/1.1 403 ").contains("scope-missing");
            }
        }
    }

    @Test
    void token_askedAbout_mayHaveToBeBoundToo() throws IOException, InterruptedException {
        String active = "{\"active\":true,\"sub\":\"acme\"%s}";
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                IntrospectionServer issuer = new IntrospectionServer()
                        .says("free", active.formatted(""))
                        .says("bound", active.formatted(",\"cnf\":{\"x5t#S256\":\"" + thumbprint(PARTNER) + "\"}"))) {
            Catalog catalog = asking(upstream)
                    .tokenIssuer(
                            "opaque",
                            one -> one.setIntrospection(TokenIntrospection.newBuilder()
                                    .setUrl(issuer.url())
                                    .setClientId("gateway")
                                    .setClientSecret("s3cret")
                                    .setTimeoutMillis(2_000)
                                    .setCacheSeconds(60)))
                    .introspection("opaque", policy -> policy);
            try (Gateway gateway = serving(catalog)) {
                assertThat(get(PARTNER, "Authorization: Bearer bound")).startsWith("HTTP/1.1 200 ");
                assertUnbound(get(STRANGER, "Authorization: Bearer bound"));
                assertThat(get(STRANGER, "Authorization: Bearer free")).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.introspection(
                        "opaque",
                        policy -> policy.setCertificateBinding(CertificateBinding.CERTIFICATE_BINDING_REQUIRED)));
                assertThat(get(PARTNER, "Authorization: Bearer bound")).startsWith("HTTP/1.1 200 ");
                assertUnbound(get(PARTNER, "Authorization: Bearer free"));
            }
        }
    }
}
