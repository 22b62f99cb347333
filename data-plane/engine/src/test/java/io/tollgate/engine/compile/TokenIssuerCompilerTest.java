package io.tollgate.engine.compile;

import static io.tollgate.engine.fixture.Wires.id;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.engine.fixture.Wires;
import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.AuthorizationServer;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ForwardedClaim;
import io.tollgate.proto.config.v1.Jwt;
import io.tollgate.proto.config.v1.JwtBinding;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.RequiredClaim;
import io.tollgate.proto.config.v1.SigningKey;
import io.tollgate.proto.config.v1.TokenIssuer;
import io.tollgate.proto.config.v1.TrustRoot;
import java.security.KeyPair;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Issuers of tokens, the policies that name them, and the credentials that are bound to them. */
class TokenIssuerCompilerTest {
    private static final TestIssuer LOGIN = TestIssuer.of("k1", "ES256");

    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private @Nullable CompiledConfiguration held;

    @BeforeEach
    void gateway() {
        wire.apply(List.of(Wires.gateway()));
    }

    private static TokenIssuer.Builder issuer(String name) {
        return TokenIssuer.newBuilder()
                .setId(id(name))
                .setName(name)
                .setEnabled(true)
                .setIssuer("https://" + name + ".example.com")
                .setJwks(TestIssuer.jwks(LOGIN))
                .addAlgorithms("ES256")
                .addTypes("JWT")
                .setConsumerClaim("sub")
                .setScopeClaim("scope");
    }

    private void put(ObjectKind kind, String id, MessageLite message) {
        wire.apply(List.of(Change.newBuilder()
                .setKind(kind)
                .setId(id)
                .setObject(message.toByteString())
                .build()));
    }

    private void put(TokenIssuer.Builder issuer) {
        put(ObjectKind.OBJECT_KIND_TOKEN_ISSUER, issuer.getId(), issuer.build());
    }

    private void remove(ObjectKind kind, String id) {
        wire.apply(List.of(
                Change.newBuilder().setKind(kind).setId(id).setRemoved(true).build()));
    }

    private void consumer(String name) {
        put(ObjectKind.OBJECT_KIND_CONSUMER, id(name), Wires.consumer(name).build());
    }

    private void binding(String name, String consumer, String issuer, String subject) {
        put(
                ObjectKind.OBJECT_KIND_CREDENTIAL,
                id(name),
                io.tollgate.proto.config.v1.Credential.newBuilder()
                        .setId(id(name))
                        .setConsumerId(id(consumer))
                        .setJwt(JwtBinding.newBuilder().setIssuerId(id(issuer)).setSubject(subject))
                        .build());
    }

    private CompiledConfiguration compiled() {
        CompileResult result = compiler.compile(wire, 1, held);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        held = ((CompileResult.Compiled) result).configuration();
        return held;
    }

    private List<String> problems() {
        CompileResult result = compiler.compile(wire, 1, held);
        return result instanceof CompileResult.Refused refused
                ? refused.problems().stream()
                        .map(problem -> problem.name() + problem.pointer())
                        .toList()
                : List.of();
    }

    @Test
    void compile_issuer_staysTheSameObjectUntilItOrItsTrustRootChanges() {
        TestAuthority authority = TestAuthority.root("root");
        TrustRoot.Builder root =
                TrustRoot.newBuilder().setId(id("root")).setName("root").setCertificates(authority.certificatePem());
        put(ObjectKind.OBJECT_KIND_TRUST_ROOT, id("root"), root.build());
        put(issuer("held"));
        put(issuer("fetched")
                .clearJwks()
                .setJwksUrl("https://fetched.example.com/jwks.json")
                .setTrustRootId(id("root")));
        CompiledConfiguration first = compiled();
        io.tollgate.engine.token.TokenIssuer held = found(first, "held");
        io.tollgate.engine.token.TokenIssuer fetched = found(first, "fetched");
        assertThat(first.tokenIssuers().claiming("https://held.example.com")).isSameAs(held);
        assertThat(held.keys()).isInstanceOf(io.tollgate.engine.token.TokenIssuer.Keys.Held.class);

        consumer("acme");
        assertThat(compiled().tokenIssuers()).isSameAs(first.tokenIssuers());

        put(
                ObjectKind.OBJECT_KIND_TRUST_ROOT,
                id("root"),
                root.setCertificates(TestAuthority.root("other").certificatePem())
                        .build());
        CompiledConfiguration second = compiled();
        assertThat(found(second, "held")).isSameAs(held);
        assertThat(found(second, "fetched")).isNotEqualTo(fetched);

        put(issuer("held").setEnabled(false));
        assertThat(compiled().tokenIssuers().find(id("held"))).isNull();
        remove(ObjectKind.OBJECT_KIND_TRUST_ROOT, id("root"));
        assertThat(problems()).containsExactly("fetched/trust_root");
    }

    private static io.tollgate.engine.token.TokenIssuer found(CompiledConfiguration configuration, String name) {
        return Objects.requireNonNull(configuration.tokenIssuers().find(id(name)));
    }

    @Test
    void check_whatIsWrong_namesTheMember() {
        assertWrong(issuer -> issuer.setIssuer(""), "/issuer");
        assertWrong(TokenIssuer.Builder::clearAlgorithms, "/algorithms");
        assertWrong(issuer -> issuer.addAlgorithms("none"), "/algorithms/1");
        assertWrong(issuer -> issuer.addAlgorithms("HS256"), "/algorithms");
        assertWrong(TokenIssuer.Builder::clearTypes, "/types");
        assertWrong(issuer -> issuer.addTypes("a b"), "/types/1");
        assertWrong(TokenIssuer.Builder::clearJwks, "");
        assertWrong(issuer -> issuer.setJwksUrl("https://a.example.com/"), "");
        assertWrong(issuer -> issuer.setJwks("{}"), "/jwks");
        assertWrong(issuer -> issuer.clearJwks().setPublicKeys("x"), "/public_keys");
        assertWrong(issuer -> issuer.setClockSkewSeconds(301), "/clock_skew_seconds");
        assertWrong(issuer -> issuer.setConsumerClaim("/a~"), "/consumer_claim");
        assertWrong(issuer -> issuer.setScopeClaim(""), "/scope_claim");
        assertWrong(issuer -> issuer.setConsumerByValue(9), "/consumer_by");
        assertWrong(issuer -> issuer.addAudiences(""), "/audiences/0");
        assertWrong(
                issuer -> issuer.addRequiredClaims(RequiredClaim.newBuilder().addValues("")),
                "/required_claims/0/claim",
                "/required_claims/0/values/0");
        assertWrong(issuer -> issuer.setTrustRootId(id("gone")), "/trust_root", "/trust_root");
        assertWrong(
                issuer -> issuer.clearJwks()
                        .setHmacSecret("x".repeat(40))
                        .clearAlgorithms()
                        .addAlgorithms("HS256")
                        .addAlgorithms("HS512"),
                "/hmac_secret");
        assertWrong(issuer -> issuer.clearJwks().setHmacSecret("x".repeat(64)), "/algorithms");
        for (String url : List.of(
                "http://login.example.com/jwks",
                "ftp://a/",
                "https://",
                "https://u:p@a.example.com/",
                "https://a.example.com/#x",
                "http://127.0.0.1.evil.example/",
                "http://169.254.169.254/",
                "file:///etc/passwd",
                "https://a b/")) {
            assertWrong(issuer -> issuer.clearJwks().setJwksUrl(url), "/jwks_url");
        }
        for (String url :
                List.of("http://127.0.0.1:8080/jwks", "http://localhost/jwks", "http://[::1]:1/", "https://a/")) {
            put(issuer("login").clearJwks().setJwksUrl(url));
            compiled();
        }
    }

    private void assertWrong(UnaryOperator<TokenIssuer.Builder> change, String... pointers) {
        put(change.apply(issuer("login")));
        String[] expected = List.of(pointers).stream().map(p -> "login" + p).toArray(String[]::new);
        assertThat(problems()).containsExactlyInAnyOrder(expected);
    }

    @Test
    void compile_twoThatClaimTheSame_isRefusedUnlessOneIsDisabled() {
        put(issuer("one").setIssuer("https://same.example.com"));
        put(issuer("two").setIssuer("https://same.example.com"));
        assertThat(problems()).hasSize(1).first().asString().endsWith("/issuer");
        put(issuer("two").setIssuer("https://same.example.com").setEnabled(false));
        assertThat(compiled().tokenIssuers().byId()).containsOnlyKeys(id("one"));
    }

    @Test
    void bindings_followTheirCredentialsAndConsumers() {
        put(issuer("login"));
        consumer("acme");
        consumer("globex");
        binding("b1", "acme", "login", "client-1");
        binding("b2", "globex", "login", "client-2");
        CompiledConfiguration first = compiled();
        assertThat(bound(first, "client-1").consumer().name()).isEqualTo("acme");
        assertThat(bound(first, "client-2").consumer().name()).isEqualTo("globex");
        assertThat(first.bindings().find(CredentialBindings.jwt(id("other"), "client-1")))
                .isNull();
        assertThat(first.credentials().size()).isZero();

        // They change places in one update.
        binding("b1", "acme", "login", "client-2");
        binding("b2", "globex", "login", "client-1");
        CompiledConfiguration second = compiled();
        assertThat(bound(second, "client-1").consumer().name()).isEqualTo("globex");
        assertThat(bound(second, "client-2").consumer().name()).isEqualTo("acme");
        assertThat(second.credentials()).isSameAs(first.credentials());

        put(
                ObjectKind.OBJECT_KIND_CONSUMER,
                id("acme"),
                Wires.consumer("acme").setName("acme-2").setEnabled(false).build());
        CompiledConfiguration third = compiled();
        assertThat(bound(third, "client-2").consumer().enabled()).isFalse();
        assertThat(third.bindings().consumer("acme")).isNull();
        assertThat(third.bindings().consumer("acme-2"))
                .isNotNull()
                .isSameAs(third.bindings().consumer(id("acme")));

        remove(ObjectKind.OBJECT_KIND_CREDENTIAL, id("b2"));
        assertThat(compiled().bindings().find(CredentialBindings.jwt(id("login"), "client-1")))
                .isNull();
        remove(ObjectKind.OBJECT_KIND_TOKEN_ISSUER, id("login"));
        assertThat(problems()).containsExactly("/jwt/issuer");
    }

    private static Credential bound(CompiledConfiguration configuration, String subject) {
        return Objects.requireNonNull(configuration.bindings().find(CredentialBindings.jwt(id("login"), subject)));
    }

    @Test
    void bindings_ofOneSubjectTwice_areRefused() {
        put(issuer("login"));
        consumer("acme");
        binding("b1", "acme", "login", "client-1");
        compiled();
        binding("b2", "acme", "login", "client-1");
        assertThat(problems()).containsExactly("/jwt/subject");
        binding("b2", "acme", "login", "");
        assertThat(problems()).containsExactly("/jwt/subject");
    }

    @Test
    void policy_namesIssuersAndPlaces() {
        put(issuer("login"));
        put(ObjectKind.OBJECT_KIND_SERVICE, id("pets"), Wires.service("pets").build());
        put(
                ObjectKind.OBJECT_KIND_ROUTE,
                id("pets"),
                Wires.route("pets", "pets").addPaths(Wires.prefix("/pets")).build());
        policy(Jwt.newBuilder()
                .addIssuerIds(id("login"))
                .addHeaderNames("Authorization")
                .addCookieNames("session")
                .addForwardClaims(
                        ForwardedClaim.newBuilder().setClaim("/realm/tenant").setHeader("X-Tenant")));
        JwtPolicy policy =
                Objects.requireNonNull(compiled().policiesByOrdinal().get(0).find(PolicyType.JWT));
        assertThat(policy.places().headerNames()).containsExactly("authorization");
        assertThat(policy.forwardedClaims().get(0).claim().names()).containsExactly("realm", "tenant");

        policy(Jwt.newBuilder().addIssuerIds(id("login")));
        assertThat(problems()).containsExactly("jwt/jwt");
        policy(Jwt.newBuilder()
                .addIssuerIds(id("gone"))
                .addHeaderNames("Host")
                .addQueryParameters("a=b")
                .addCookieNames("a;b")
                .addForwardClaims(ForwardedClaim.newBuilder().setHeader("Via"))
                .addForwardClaims(ForwardedClaim.newBuilder().setClaim("a").setHeader("X-A"))
                .addForwardClaims(ForwardedClaim.newBuilder().setClaim("b").setHeader("x-a")));
        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "jwt/jwt/issuers/0",
                        "jwt/jwt/header_names/0",
                        "jwt/jwt/query_parameters/0",
                        "jwt/jwt/cookie_names/0",
                        "jwt/jwt/forward_claims/0/claim",
                        "jwt/jwt/forward_claims/0/header",
                        "jwt/jwt/forward_claims/2/header");
    }

    private void policy(Jwt.Builder jwt) {
        put(
                ObjectKind.OBJECT_KIND_POLICY,
                id("jwt"),
                Wires.policy("jwt").setJwt(jwt).build());
    }

    private static TokenIssuer.Builder own() {
        KeyPair keys = TestAuthority.ecdsa("secp256r1");
        return issuer("own")
                .clearJwks()
                .setIssuer("https://gateway.example.com/oauth")
                .clearTypes()
                .addTypes("at+jwt")
                .setAuthorizationServer(AuthorizationServer.newBuilder()
                        .setAudience("api")
                        .setTokenLifetimeSeconds(300)
                        .setKeyRotationDays(30)
                        .addSigningKeys(SigningKey.newBuilder()
                                .setId("s1")
                                .setAlgorithm("ES256")
                                .setPrivateKey(
                                        ByteString.copyFrom(keys.getPrivate().getEncoded()))
                                .setPublicKey(
                                        ByteString.copyFrom(keys.getPublic().getEncoded()))
                                .setSignsFromMillis(1_000)));
    }

    @Test
    void own_whatItsTokensSay_isNotForOthersToSay() {
        put(own());
        compiled();
        put(own().clearAlgorithms()
                .addAllAlgorithms(List.of("RS256", "PS256", "ES256", "EdDSA"))
                .clearTypes()
                .addAllTypes(List.of("JWT", "at+jwt")));
        compiled();
        put(own().clearAlgorithms()
                .addAlgorithms("RS256")
                .clearTypes()
                .addTypes("JWT")
                .setConsumerClaim("client_id")
                .setScopeClaim("scp"));
        assertThat(problems())
                .containsExactlyInAnyOrder("own/algorithms", "own/types", "own/consumer_claim", "own/scope_claim");
    }

    @Test
    void own_bindsNobodyToItsTokens() {
        put(own());
        consumer("acme");
        binding("b1", "acme", "own", "client-1");
        assertThat(problems()).containsExactly("/jwt/issuer");
        put(issuer("own"));
        compiled();
        // Nor does it become one while somebody is bound.
        put(own());
        assertThat(problems()).containsExactly("/jwt/issuer");
    }
}
