package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.engine.explain.ExplainQuestion;
import io.tollgate.engine.explain.Explainer;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.AccessEffect;
import io.tollgate.proto.config.v1.AccessRule;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.KeyAuth;
import io.tollgate.proto.config.v1.TimeWindow;
import io.tollgate.proto.config.v1.WeekDay;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Who may call what, from where and when. */
class AccessTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String DENIED = "urn:tollgate:problem:access-denied";
    private static final String SCOPE_MISSING = "urn:tollgate:problem:scope-missing";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog = catalog()
            .service("pets", upstream.port())
            .route("pets", "/pets", "pets")
            .plan("gold", perMinute(3))
            .consumer("acme", "gold")
            .consumer("acme", consumer -> consumer.addGroups("partners"))
            .consumer("other", "gold");

    private void access(String name, Attachment.Builder place, AccessRule.Builder... rules) {
        catalog.policy(name, policy -> {
            policy.setAttachment(place).getAccessBuilder();
            for (AccessRule.Builder rule : rules) {
                policy.getAccessBuilder().addRules(rule);
            }
            return policy;
        });
    }

    private static Attachment.Builder global() {
        return Attachment.newBuilder().setKind(AttachmentKind.ATTACHMENT_KIND_GLOBAL);
    }

    private static Attachment.Builder at(AttachmentKind kind, String id) {
        return Attachment.newBuilder().setKind(kind).setObjectId(id);
    }

    private static AccessRule.Builder allow() {
        return AccessRule.newBuilder().setEffect(AccessEffect.ACCESS_EFFECT_ALLOW);
    }

    private static AccessRule.Builder deny() {
        return AccessRule.newBuilder().setEffect(AccessEffect.ACCESS_EFFECT_DENY);
    }

    private static void refused(String answer, String problem) {
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains(problem);
    }

    private static void served(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void call_ofAnotherGroupOrConsumer_isRefusedAndTakesNothingFromItsLimit() {
        String member = "X-Api-Key: " + catalog.key("acme");
        String other = "X-Api-Key: " + catalog.key("other");
        access("who", global(), allow().addGroups("partners").addGroups("staff"));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            served(client.get("/pets", member));
            for (int i = 0; i < 5; i++) {
                refused(client.get("/pets", other), DENIED);
            }
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 401 ");
            assertThat(upstream.requests()).hasSize(1);

            access("who", global(), allow().addConsumers(id("consumer", "other")));
            gateway.serve(catalog);
            served(client.get("/pets", other));
            refused(client.get("/pets", member), DENIED);
        }
    }

    @Test
    void call_withoutTheScope_isToldWhichOneWhereTokensAreTaken() {
        String reader = catalog.key("acme", key -> key.addScopes("pets.read"));
        String writer = catalog.key("other", key -> key.addScopes("pets.read").addScopes("pets.write"));
        access(
                "scopes",
                global(),
                allow().addMethods("GET").addScopes("pets.read"),
                allow().addScopes("pets.read").addAnyScopes("pets.write").addAnyScopes("pets.admin"));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            served(client.get("/pets", "X-Api-Key: " + reader));
            String delete = "DELETE /pets HTTP/1.1\r\nHost: a\r\n";
            client.send(delete + "X-Api-Key: " + writer + "\r\n\r\n");
            served(client.readMessage());
            client.send(delete + "X-Api-Key: " + reader + "\r\n\r\n");
            String refused = client.readMessage();
            refused(refused, SCOPE_MISSING);
            assertThat(refused).doesNotContainIgnoringCase("www-authenticate");

            catalog.policy(
                    "bearer", policy -> policy.setKeyAuth(KeyAuth.newBuilder().addHeaderNames("Authorization")));
            gateway.serve(catalog);
            client.send(delete + "Authorization: Bearer " + reader + "\r\n\r\n");
            refused = client.readMessage();
            refused(refused, SCOPE_MISSING);
            assertThat(refused)
                    .containsIgnoringCase(
                            "www-authenticate: Bearer error=\"insufficient_scope\", scope=\"pets.read pets.write\"\r\n");
        }
    }

    @Test
    void call_fromAnotherNetwork_isRefused() {
        catalog.open();
        access("where", global(), deny().addNetworks("127.0.0.0/30"), allow().addNetworks("127.0.0.0/8"));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient near = new RawClient(gateway.port(), "127.0.0.9");
                RawClient denied = new RawClient(gateway.port(), "127.0.0.2")) {
            served(near.get("/pets"));
            refused(denied.get("/pets"), DENIED);
        }
    }

    @Test
    void call_outsideOfItsHours_isRefused() {
        AtomicLong now =
                new AtomicLong(Instant.parse("2026-07-10T15:59:59.999Z").toEpochMilli());
        Clock clock = new Clock() {
            @Override
            public long nanos() {
                return Gateway.CLOCK.nanos();
            }

            @Override
            public long epochMillis() {
                return now.get();
            }
        };
        catalog.open();
        access(
                "when",
                global(),
                allow().addTimeWindows(TimeWindow.newBuilder()
                        .addDays(WeekDay.WEEK_DAY_FRIDAY)
                        .setFrom("08:00")
                        .setTo("18:00")
                        .setTimeZone("Europe/Zurich")));
        try (Gateway gateway = Gateway.serving(catalog, clock);
                RawClient client = gateway.connect()) {
            served(client.get("/pets"));
            now.incrementAndGet();
            refused(client.get("/pets"), DENIED);
        }
    }

    @Test
    void expression_ofTheRequestAndItsCaller_decides() {
        String key = "X-Api-Key: " + catalog.key("acme", made -> made.addScopes("pets.read"));
        access(
                "said",
                global(),
                deny().setExpression("request.path.matches('^/pets/[0-9]+/owner$')"),
                allow().setExpression(
                                "request.headers['x-tenant'] == 'blue' && request.query['city'] == 'a b'"
                                        + " && 'partners' in consumer.groups && credential.type == 'key'"
                                        + " && credential.scopes.exists(s, s == 'pets.read') && request.client_address == '127.0.0.1'"));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            served(client.get("/pets?city=a%20b", key, "X-Tenant: blue"));
            refused(client.get("/pets?city=c", key, "X-Tenant: blue"), DENIED);
            refused(client.get("/pets/7/owner?city=a%20b", key, "X-Tenant: blue"), DENIED);
            refused(client.get("/pets?city=a%20b", key), "urn:tollgate:problem:expression-failed");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void expressions_thatTogetherCostTooMuch_areRefused() {
        var one = allow().setExpression("request.path.matches('[a-z]{100}')");
        access("said", global(), one, one, one);
        catalog.compile();
        access("said", global(), one, one, one, one, one);
        assertThatThrownBy(catalog::compile)
                .hasMessageContaining("/access/rules/4/expression")
                .hasMessageContaining("at most 30000 steps of all expressions of a policy together");
    }

    @Test
    void policy_closerToTheCaller_winsAsAWhole() {
        String key = "X-Api-Key: " + catalog.key("acme");
        access("global", global(), deny());
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            refused(client.get("/pets", key), DENIED);
            access("route", at(AttachmentKind.ATTACHMENT_KIND_ROUTE, id("route", "pets")));
            gateway.serve(catalog);
            served(client.get("/pets", key));
            access("plan", at(AttachmentKind.ATTACHMENT_KIND_PLAN, id("plan", "gold")), deny());
            gateway.serve(catalog);
            refused(client.get("/pets", key), DENIED);
            access("own", at(AttachmentKind.ATTACHMENT_KIND_CONSUMER, id("consumer", "acme")), allow());
            gateway.serve(catalog);
            served(client.get("/pets", key));
        }
    }

    @Test
    void explain_andTheNode_sayTheSame() {
        catalog.open();
        access("who", global(), deny().addMethods("GET"), allow());
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            refused(client.get("/pets"), DENIED);
            UnaryOperator<String> admission = method -> Explainer.explain(
                            gateway.configuration(),
                            new ExplainQuestion(method, "", "/pets", List.of(), ExplainQuestion.Caller.ANONYMOUS, 0))
                    .admission();
            assertThat(admission.apply("GET")).isEqualTo("access-denied: rule 1 of policy who denies it");
            assertThat(admission.apply("PUT")).isEqualTo("ok: anonymous calls pass, rule 2 of policy who allows it");
        }
    }
}
