package io.tollgate.engine.explain;

import static io.tollgate.engine.fixture.Wires.consumer;
import static io.tollgate.engine.fixture.Wires.exact;
import static io.tollgate.engine.fixture.Wires.gateway;
import static io.tollgate.engine.fixture.Wires.id;
import static io.tollgate.engine.fixture.Wires.plan;
import static io.tollgate.engine.fixture.Wires.policy;
import static io.tollgate.engine.fixture.Wires.prefix;
import static io.tollgate.engine.fixture.Wires.put;
import static io.tollgate.engine.fixture.Wires.rateLimit;
import static io.tollgate.engine.fixture.Wires.route;
import static io.tollgate.engine.fixture.Wires.service;
import static io.tollgate.engine.fixture.Wires.subscription;
import static io.tollgate.engine.fixture.Wires.template;
import static io.tollgate.engine.fixture.Wires.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.route.RequestTarget;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.route.RouteVerdict;
import io.tollgate.proto.config.v1.Access;
import io.tollgate.proto.config.v1.AccessEffect;
import io.tollgate.proto.config.v1.AccessRule;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.DuplicateSlashes;
import io.tollgate.proto.config.v1.PathRewrite;
import io.tollgate.proto.config.v1.RequestTargetRules;
import io.tollgate.proto.config.v1.ValueMatch;
import io.tollgate.proto.config.v1.ValueMatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExplainerTest {
    private static final long NOW_MILLIS = 5_000;

    private final List<Change> changes = new ArrayList<>(List.of(
            gateway(),
            put(service("petstore").setPathPrefix("/v2")),
            put(route("orders", "petstore")
                    .addPaths(template("/orders/{id}/lines/{line}"))
                    .addMethods("GET")
                    .setRewrite(PathRewrite.newBuilder().setReplaceFull("/lines/{line}"))),
            put(route("blue", "petstore")
                    .addPaths(prefix("/pets"))
                    .addHeaders(exactly("X-Tenant", "blue"))
                    .addQueryParameters(exactly("city", "Z\u00fcrich"))),
            put(route("pets", "petstore")
                    .addPaths(prefix("/pets"))
                    .addHosts("api.example.com")
                    .addMethods("GET"))));

    @Test
    void explain_template_tellsParametersAndPath() {
        Explanation explanation = explain("GET", "", "/orders/7/./lines/%38?x=1");
        assertThat(explanation.verdict()).isEqualTo(ExplainVerdict.FOUND);
        assertThat(explanation.revision()).isEqualTo(7);
        assertThat(explanation.path()).isEqualTo("/orders/7/lines/8");
        assertThat(explanation.route()).isEqualTo("orders");
        assertThat(explanation.pattern()).isEqualTo("/orders/{id}/lines/{line}");
        assertThat(explanation.parameters()).containsExactly(Map.entry("id", "7"), Map.entry("line", "8"));
        assertThat(explanation.action()).isEqualTo("service petstore, path /v2/lines/8");
        assertThat(explanation.upstream()).isEqualTo("petstore: 127.0.0.1:8000 weight 100");
    }

    @Test
    void explain_losers_tellTheFirstPredicateThatFailed() {
        Explanation explanation = explain("PUT", "other.example.com", "/pets/1", "x-tenant", "acme");
        assertThat(explanation.verdict().word()).isEqualTo("not-found");
        assertThat(explanation.candidates())
                .containsExactly(
                        new Explanation.Candidate("blue", false, "header x-tenant: acme (expected: exactly blue)"),
                        new Explanation.Candidate(
                                "orders", false, "path /pets/1 (expected: /orders/{id}/lines/{line})"),
                        new Explanation.Candidate("pets", false, "host other.example.com (expected: api.example.com)"));
        assertThat(explain("GET", "", "/pets").candidates().get(0).failed())
                .isEqualTo("no header x-tenant (expected: exactly blue)");
        assertThat(explain("GET", "", "/pets?city=Bern", "X-TENANT", "blue")
                        .candidates()
                        .get(0)
                        .failed())
                .isEqualTo("query parameter city: Bern (expected: exactly Z\u00fcrich)");
        assertThat(explain("GET", "", "/pets?city=Z%C3%BCrich", "x-tenant", "blue")
                        .route())
                .isEqualTo("blue");
    }

    @Test
    void explain_methodAlone_isToldLast() {
        Explanation explanation = explain("PUT", "API.example.com:8080", "/pets/1");
        assertThat(explanation.verdict()).isEqualTo(ExplainVerdict.METHOD_NOT_ALLOWED);
        assertThat(explanation.candidates().get(0))
                .isEqualTo(new Explanation.Candidate("pets", false, "method PUT (expected: GET)"));
    }

    @Test
    void explain_ambiguousTarget_isBadRequest() {
        assertThat(explain("GET", "", "/pets/%2F").verdict()).isEqualTo(ExplainVerdict.BAD_REQUEST);
        assertThat(explain("GET", "a b", "/pets").verdict()).isEqualTo(ExplainVerdict.BAD_REQUEST);
        assertThat(explain("GET", "", "/orders//7/lines/8").verdict()).isEqualTo(ExplainVerdict.FOUND);
        changes.add(put(policy("slashes")
                .setRequestTarget(RequestTargetRules.newBuilder()
                        .setDuplicateSlashes(DuplicateSlashes.DUPLICATE_SLASHES_REFUSE))));
        assertThat(explain("GET", "", "/orders//7/lines/8").verdict()).isEqualTo(ExplainVerdict.BAD_REQUEST);
    }

    @Test
    void explain_policies_tellTheMostSpecificAndWhereItIs() {
        assertThat(explain("GET", "", "/orders/1/lines/2").policies())
                .extracting(Explanation.AppliedPolicy::type, Explanation.AppliedPolicy::from)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("credential-throttle", "default"),
                        org.assertj.core.groups.Tuple.tuple("identity-headers", "default"),
                        org.assertj.core.groups.Tuple.tuple("key-auth", "default"),
                        org.assertj.core.groups.Tuple.tuple("request-target", "default"));
        subscribe();
        limit("everywhere", AttachmentKind.ATTACHMENT_KIND_GLOBAL, "");
        assertLimit("global", "everywhere");
        limit("of-service", AttachmentKind.ATTACHMENT_KIND_SERVICE, "petstore");
        assertLimit("service petstore", "of-service");
        limit("of-route", AttachmentKind.ATTACHMENT_KIND_ROUTE, "orders");
        assertLimit("route orders", "of-route");
        limit("of-plan", AttachmentKind.ATTACHMENT_KIND_PLAN, "gold");
        assertLimit("plan gold", "of-plan");
        limit("of-consumer", AttachmentKind.ATTACHMENT_KIND_CONSUMER, "acme");
        assertLimit("consumer acme", "of-consumer");
    }

    @Test
    void explain_admission_saysWhoMayAndWhy() {
        assertThat(admission("")).isEqualTo("key-missing: the route wants an API key");
        assertThat(admission("acme")).isEqualTo("key-unknown: acme (expected: name or id of a consumer)");
        subscribe();
        assertThat(admission("acme")).isEqualTo("ok: by plan gold");
        assertThat(admission(id("acme"))).isEqualTo("ok: by plan gold");
        changes.add(put(consumer("other")));
        assertThat(admission("other")).isEqualTo("not-entitled: no live subscription of other covers route orders");
        changes.add(put(consumer("acme").setEnabled(false)));
        assertThat(admission("acme")).isEqualTo("consumer-disabled: acme may not call now");
        var open = policy("open");
        open.getKeyAuthBuilder().setAnonymousAllowed(true);
        changes.add(put(open));
        assertThat(admission("")).isEqualTo("ok: anonymous calls pass");
    }

    @Test
    void explain_manyRoutes_tellsThoseThatFailLate() {
        for (int i = 0; i < 300; i++) {
            changes.add(put(route("far" + i, "petstore").addPaths(exact("/far/" + i))));
        }
        List<Explanation.Candidate> candidates =
                explain("PUT", "api.example.com", "/pets/1").candidates();
        assertThat(candidates).hasSize(Explanation.CANDIDATES_MAX);
        assertThat(candidates.get(0).route()).isEqualTo("pets");
        assertThat(candidates.get(1).route()).isEqualTo("blue");
    }

    @Test
    void explain_randomRoutes_agreesWithTheIndex() {
        Random random = Seed.random(ExplainerTest.class);
        RandomRoutes routes = new RandomRoutes(random);
        List<ExplainQuestion> questions = routes.questions();
        RouteMatch match = new RouteMatch();
        RequestTarget target = new RequestTarget();
        int found = 0;
        for (int round = 0; round < 60; round++) {
            CompiledConfiguration configuration = routes.configuration(1 + random.nextInt(40));
            for (ExplainQuestion question : questions) {
                Explanation explanation = Explainer.explain(configuration, question);
                target.read(question.target(), configuration.duplicateSlashes());
                RouteVerdict verdict = configuration
                        .routes()
                        .match(new DescribedRequest(question, question.host(), target.path(), target.query()), match);
                String winner = verdict == RouteVerdict.FOUND ? match.route().name() : "";
                Explanation.Candidate first = explanation.candidates().isEmpty()
                        ? new Explanation.Candidate("", false, "")
                        : explanation.candidates().get(0);
                assertThat(explanation.verdict().name()).isEqualTo(verdict.name());
                assertThat(explanation.route()).isEqualTo(winner);
                assertThat(first.matches() ? first.route() : "")
                        .as("%s in%n%s", question, configuration.routes().print())
                        .isEqualTo(winner);
                assertThat(first.failed().startsWith("method "))
                        .as("%s in%n%s", question, configuration.routes().print())
                        .isEqualTo(verdict == RouteVerdict.METHOD_NOT_ALLOWED);
                found += verdict == RouteVerdict.FOUND ? 1 : 0;
            }
        }
        assertThat(found).as("winners that were compared").isGreaterThan(5_000);
    }

    private void assertLimit(String from, String name) {
        Explanation explanation = explainFor("acme");
        assertThat(explanation.policies())
                .contains(new Explanation.AppliedPolicy("rate-limit", from, name, "9 per 60 s, burst 9, by consumer"));
        assertThat(explanation.limits())
                .containsExactly(
                        "plan gold by consumer: 100 per 60 s, burst 100",
                        "policy " + name + " by consumer: 9 per 60 s, burst 9");
    }

    private void limit(String name, AttachmentKind place, String object) {
        changes.add(put(rateLimit(name, place, object, window(9, 60))));
    }

    @Test
    void explain_accessRules_tellsWhichDecided() {
        subscribe();
        changes.add(put(consumer("acme").addGroups("staff")));
        changes.add(put(policy("office")
                .setAccess(Access.newBuilder()
                        .addRules(allow().addScopes("orders.read").addNetworks("192.0.2.0/24"))
                        .addRules(AccessRule.newBuilder()
                                .setEffect(AccessEffect.ACCESS_EFFECT_DENY)
                                .addNetworks("192.0.2.0/24"))
                        .addRules(allow().addGroups("staff").addMethods("GET")))));
        assertThat(admission(new ExplainQuestion.Caller("acme", Set.of(), "")))
                .isEqualTo("ok: by plan gold, rule 3 of policy office allows it");
        assertThat(admission(new ExplainQuestion.Caller("acme", Set.of("orders.read"), "192.0.2.7")))
                .isEqualTo("ok: by plan gold, rule 1 of policy office allows it");
        assertThat(admission(new ExplainQuestion.Caller("acme", Set.of(), "192.0.2.7")))
                .isEqualTo("scope-missing: rule 1 of policy office would allow it with scope orders.read");
        changes.add(put(consumer("acme")));
        assertThat(admission(new ExplainQuestion.Caller("acme", Set.of(), "198.51.100.1")))
                .isEqualTo("access-denied: no rule of policy office holds");
        assertThat(explainFor("acme").policies())
                .filteredOn(policy -> policy.type().equals("access"))
                .extracting(
                        Explanation.AppliedPolicy::from,
                        Explanation.AppliedPolicy::name,
                        Explanation.AppliedPolicy::detail)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "global",
                        "office",
                        "1. allow scopes orders.read networks 192.0.2.0/24; 2. deny networks 192.0.2.0/24; "
                                + "3. allow methods GET groups staff; else deny"));
    }

    @Test
    void explain_expressions_areAskedAsTheNodeDoes() {
        subscribe();
        changes.add(put(policy("said")
                .setAccess(Access.newBuilder()
                        .addRules(allow().setExpression("consumer.plan == 'gold' && 'x-tenant' in request.headers"))
                        .addRules(allow().setExpression("request.headers['x-stage'] == 'test'")))));
        ExplainQuestion.Caller acme = new ExplainQuestion.Caller("acme", Set.of(), "");
        assertThat(admission(acme, new ExplainQuestion.Header("X-Tenant", "blue")))
                .isEqualTo("ok: by plan gold, rule 1 of policy said allows it");
        assertThat(admission(acme, new ExplainQuestion.Header("X-Stage", "test")))
                .isEqualTo("ok: by plan gold, rule 2 of policy said allows it");
        assertThat(admission(acme, new ExplainQuestion.Header("X-Stage", "live")))
                .isEqualTo("access-denied: no rule of policy said holds");
        assertThat(admission(acme))
                .isEqualTo(
                        "expression-failed: the expression of rule 2 of policy said cannot be evaluated for this call");
    }

    @Test
    void explain_expressionsThatAskForWhatIsNotDescribed_areToldToBeUncertain() {
        subscribe();
        changes.add(put(policy("said")
                .setAccess(Access.newBuilder()
                        .addRules(allow().setExpression("consumer.plan == 'gold' && 'x-tenant' in request.headers"))
                        .addRules(allow().setExpression("request.scheme == 'https' && credential.type == 'jwt'"))
                        .addRules(allow().setExpression("credential.type == 'jwt' && has(token.claims.org)")))));
        ExplainQuestion.Caller acme = new ExplainQuestion.Caller("acme", Set.of(), "");
        assertThat(admission(acme, new ExplainQuestion.Header("X-Tenant", "blue")))
                .isEqualTo("ok: by plan gold, rule 1 of policy said allows it");
        assertThat(admission(acme))
                .isEqualTo(
                        "access-denied: no rule of policy said holds (uncertain: expressions ask for credential.type,"
                                + " request.scheme, which a described call does not have)");
    }

    private static AccessRule.Builder allow() {
        return AccessRule.newBuilder().setEffect(AccessEffect.ACCESS_EFFECT_ALLOW);
    }

    private String admission(ExplainQuestion.Caller caller, ExplainQuestion.Header... headers) {
        return Explainer.explain(
                        RandomRoutes.compile(changes),
                        new ExplainQuestion("GET", "", "/orders/1/lines/2", List.of(headers), caller, NOW_MILLIS))
                .admission();
    }

    private void subscribe() {
        changes.add(put(consumer("acme")));
        changes.add(put(plan("gold").setAllRoutes(true).addRateLimits(window(100, 60))));
        changes.add(put(subscription("acme", "gold")));
    }

    private String admission(String consumer) {
        return explainFor(consumer).admission();
    }

    private Explanation explainFor(String consumer) {
        return Explainer.explain(
                RandomRoutes.compile(changes),
                new ExplainQuestion(
                        "GET",
                        "",
                        "/orders/1/lines/2",
                        List.of(),
                        new ExplainQuestion.Caller(consumer, Set.of(), ""),
                        NOW_MILLIS));
    }

    private Explanation explain(String method, String host, String target, String... header) {
        List<ExplainQuestion.Header> headers =
                header.length == 0 ? List.of() : List.of(new ExplainQuestion.Header(header[0], header[1]));
        return Explainer.explain(
                RandomRoutes.compile(changes),
                new ExplainQuestion(method, host, target, headers, ExplainQuestion.Caller.ANONYMOUS, NOW_MILLIS));
    }

    private static ValueMatch exactly(String name, String value) {
        return ValueMatch.newBuilder()
                .setName(name)
                .setType(ValueMatchType.VALUE_MATCH_TYPE_EXACT)
                .setValue(value)
                .build();
    }
}
