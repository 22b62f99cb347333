package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.explain.ExplainQuestion;
import io.tollgate.engine.explain.Explainer;
import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Access;
import io.tollgate.proto.config.v1.AccessEffect;
import io.tollgate.proto.config.v1.AccessRule;
import io.tollgate.proto.config.v1.BasicAuth;
import io.tollgate.proto.config.v1.BasicBinding;
import io.tollgate.proto.config.v1.KeyAuth;
import io.tollgate.proto.config.v1.KeyEnvironment;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What explain says of credentials is what the node says to the calls that present them. */
class ExplainedCredentialsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final Pattern PROBLEM = Pattern.compile("urn:tollgate:problem:([a-z-]+)");
    private static final String ISSUER = "https://login.example.com";
    private static final TestIssuer LOGIN = TestIssuer.of("k1", "ES256");
    private static final TestIssuer STRANGER = TestIssuer.of("k1", "ES256");

    private final long nowMillis = System.currentTimeMillis();

    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String claims(String issuer, String subject, long nowMillis, String more) {
        return TestIssuer.claims(issuer, subject, nowMillis).replace("}", more + "}");
    }

    /** Each a target and a header line. */
    private List<String[]> calls(Catalog catalog) {
        List<String[]> calls = new ArrayList<>();
        String key = catalog.key("acme");
        List<String> lines = List.of(
                "X-Api-Key: " + key,
                "X-Api-Key: " + key + "x",
                "X-Api-Key: " + catalog.key("acme", made -> made.setRevoked(true)),
                "X-Api-Key: " + catalog.key("acme", made -> made.setExpiresAtMillis(5)),
                "X-Api-Key: " + catalog.key("acme", made -> made.addNetworks("192.0.2.0/24")),
                "X-Api-Key: " + catalog.key("acme", made -> made.setEnvironment(KeyEnvironment.KEY_ENVIRONMENT_TEST)),
                "X-Api-Key: " + catalog.key("off"),
                "X-Api-Key: " + catalog.key("poor"),
                "X-Api-Key: " + catalog.key("acme", made -> made.addScopes("pets.write")),
                "Authorization: Bearer " + LOGIN.token(claims(ISSUER, "acme", nowMillis, "")),
                "Authorization: Bearer " + LOGIN.token(claims(ISSUER, "acme", nowMillis, ",\"scope\":\"pets.write\"")),
                "Authorization: Bearer " + LOGIN.token(claims(ISSUER, "acme", nowMillis, ",\"level\":7")),
                "Authorization: Bearer " + LOGIN.token(claims(ISSUER, "nobody", nowMillis, "")),
                "Authorization: Bearer " + LOGIN.token(claims(ISSUER, "acme", nowMillis - 7_200_000, "")),
                "Authorization: Bearer " + LOGIN.token(claims(ISSUER, "acme", nowMillis + 7_200_000, "")),
                "Authorization: Bearer " + LOGIN.token(claims("https://other.example.com", "acme", nowMillis, "")),
                "Authorization: Bearer " + STRANGER.token(claims(ISSUER, "acme", nowMillis, "")),
                "Authorization: Bearer no.token.atall",
                basic("batch:correct horse"),
                basic("batch:wrong horse"),
                basic("nobody:correct horse"),
                "Authorization: Basic !",
                "X-Other: nothing");
        lines.forEach(line -> calls.add(new String[] {"/pets", line}));
        calls.add(new String[] {"/pets?api_key=" + key, "X-Other: nothing"});
        calls.add(new String[] {"/pets", "Cookie: a=b; session=" + LOGIN.token(claims(ISSUER, "acme", nowMillis, ""))});
        return calls;
    }

    private static Catalog catalogOf(RawUpstream upstream) {
        Catalog catalog = catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .consumer("acme", "gold")
                .consumer("off", "gold")
                .consumer("off", consumer -> consumer.setEnabled(false))
                .consumer("poor", consumer -> consumer)
                .tokenIssuer("login", issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)))
                .jwt("login", jwt -> jwt.addCookieNames("session"))
                .policy(
                        "keys",
                        policy -> policy.setKeyAuth(KeyAuth.newBuilder()
                                .addHeaderNames("X-Api-Key")
                                .addQueryParameters("api_key")
                                .addEnvironments(KeyEnvironment.KEY_ENVIRONMENT_LIVE)))
                .policy("basic", policy -> policy.setBasicAuth(BasicAuth.newBuilder()))
                .policy(
                        "rules",
                        policy -> policy.setAccess(Access.newBuilder()
                                .addRules(allow().addScopes("pets.write"))
                                .addRules(allow().setExpression("has(token.claims.level) && token.claims.level > 5"))
                                .addRules(allow().setExpression(
                                                "credential.type == 'key' && 'x-api-key' in request.headers"))));
        catalog.bound(
                "user",
                "acme",
                credential -> credential.setBasic(BasicBinding.newBuilder()
                        .setUserName("batch")
                        .setDigest(PasswordHash.of("correct horse", new SecureRandom())
                                .text())));
        return catalog;
    }

    private static AccessRule.Builder allow() {
        return AccessRule.newBuilder().setEffect(AccessEffect.ACCESS_EFFECT_ALLOW);
    }

    @Test
    void explain_ofEachCredential_saysWhatTheNodeSays() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream);
            List<String[]> calls = calls(catalog);
            List<String> seen = new ArrayList<>();
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                for (String[] call : calls) {
                    String answer = client.get(call[0], call[1]);
                    Matcher problem = PROBLEM.matcher(answer);
                    String outcome = problem.find() ? problem.group(1) : "ok";
                    String admission = admission(gateway, call[0], call[1]);
                    assertThat(admission).as(call[1]).startsWith(outcome + ": ");
                    assertThat(admission).as("nothing of it is repeated").doesNotContain(call[1].substring(11));
                    seen.add(outcome);
                }
            }
            assertThat(seen)
                    .contains("ok", "key-malformed", "key-revoked", "key-expired", "key-network", "key-environment")
                    .contains("consumer-disabled", "not-entitled", "scope-missing", "token-expired", "token-invalid")
                    .contains("token-not-yet-valid", "token-unknown-issuer", "token-unknown-subject")
                    .contains("token-malformed", "password-wrong", "password-malformed", "credential-missing");
        }
    }

    private String admission(Gateway gateway, String target, String line) {
        int colon = line.indexOf(':');
        return Explainer.explain(
                        gateway.configuration(),
                        new ExplainQuestion(
                                "GET",
                                "api.example.com",
                                target,
                                List.of(new ExplainQuestion.Header(
                                        line.substring(0, colon),
                                        line.substring(colon + 1).strip())),
                                new ExplainQuestion.Caller("", Set.of(), "127.0.0.1"),
                                nowMillis))
                .admission();
    }

    @Test
    void explain_namesWhoIsProvenAndByWhat() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream);
            String key = catalog.key("acme", made -> made.addScopes("pets.write"));
            try (Gateway gateway = Gateway.serving(catalog)) {
                assertThat(admission(gateway, "/pets", "X-Api-Key: " + key))
                        .matches("ok: acme by key [0-9a-f-]{36}, by plan gold, rule 1 of policy rules allows it");
                assertThat(admission(
                                gateway,
                                "/pets",
                                "Authorization: Bearer "
                                        + LOGIN.token(claims(ISSUER, "acme", nowMillis, ",\"level\":7"))))
                        .isEqualTo("ok: acme by jwt, by plan gold, rule 2 of policy rules allows it");
                assertThat(admission(gateway, "/pets", basic("batch:correct horse")))
                        .startsWith("scope-missing: rule 1 of policy rules");
            }
        }
    }
}
