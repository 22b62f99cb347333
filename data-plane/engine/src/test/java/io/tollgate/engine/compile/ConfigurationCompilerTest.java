package io.tollgate.engine.compile;

import static io.tollgate.engine.fixture.Wires.consumer;
import static io.tollgate.engine.fixture.Wires.credential;
import static io.tollgate.engine.fixture.Wires.digest;
import static io.tollgate.engine.fixture.Wires.exact;
import static io.tollgate.engine.fixture.Wires.gateway;
import static io.tollgate.engine.fixture.Wires.id;
import static io.tollgate.engine.fixture.Wires.plan;
import static io.tollgate.engine.fixture.Wires.prefix;
import static io.tollgate.engine.fixture.Wires.put;
import static io.tollgate.engine.fixture.Wires.rateLimit;
import static io.tollgate.engine.fixture.Wires.remove;
import static io.tollgate.engine.fixture.Wires.route;
import static io.tollgate.engine.fixture.Wires.service;
import static io.tollgate.engine.fixture.Wires.subscription;
import static io.tollgate.engine.fixture.Wires.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Grant;
import io.tollgate.engine.fixture.Asked;
import io.tollgate.engine.fixture.LimitedCall;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.quota.RateDecision;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.quota.Subject;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.route.RouteVerdict;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigurationCompilerTest {
    private static final long NOW_MILLIS = 5_000;

    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private @Nullable CompiledConfiguration current;

    @Test
    void compile_wholeCatalog_linksKeyToConsumerToPlanToRoute() {
        CompiledConfiguration compiled = house();

        Route pets = found(compiled, "/pets/7");
        Credential credential = find(compiled, "key");
        Grant grant = credential.consumer().grantFor(pets.ordinal(), NOW_MILLIS);
        assertThat(pets.action().services().get(0).name()).isEqualTo("petstore");
        assertThat(credential.consumer().name()).isEqualTo("acme");
        assertThat(grant).isNotNull().extracting(one -> one.plan().name()).isEqualTo("gold");
        assertThat(credential.consumer().grantFor(found(compiled, "/other").ordinal(), NOW_MILLIS))
                .isNull();
        assertThat(compiled.digest()).isEqualTo(wire.digest());
    }

    @Test
    void compile_missingGateway_isRefused() {
        assertThat(problems(put(service("petstore")))).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(ObjectKind.OBJECT_KIND_GATEWAY);
            assertThat(problem.detail()).isEqualTo("missing (expected: exactly one)");
        });
    }

    @Test
    void compile_changedKey_sharesEverythingElse() {
        CompiledConfiguration before = house();
        CompiledConfiguration after = compile(put(credential("key", "acme").setRevoked(true)));

        assertThat(find(after, "key").revoked()).isTrue();
        assertThat(find(before, "key").revoked()).isFalse();
        assertThat(after.routes()).isSameAs(before.routes());
        assertThat(after.upstreams()).isSameAs(before.upstreams());
        assertThat(after.policiesByOrdinal()).isSameAs(before.policiesByOrdinal());
        assertThat(find(after, "key").consumer()).isSameAs(find(before, "key").consumer());
    }

    @Test
    void compile_newRoute_sharesCredentials() {
        CompiledConfiguration before = house();
        CompiledConfiguration after = compile(put(route("late", "petstore").addPaths(exact("/late"))));

        assertThat(found(after, "/late").name()).isEqualTo("late");
        assertThat(after.credentials()).isSameAs(before.credentials());
    }

    @Test
    void compile_changedTimeout_sharesTheTrieAndReachesTheRoute() {
        CompiledConfiguration before = house();
        CompiledConfiguration after = compile(put(service("petstore").setResponseTimeoutMillis(7)));

        assertThat(found(after, "/pets")
                        .action()
                        .services()
                        .get(0)
                        .rules()
                        .calls()
                        .responseTimeoutMillis())
                .isEqualTo(7);
        assertThat(found(before, "/pets")
                        .action()
                        .services()
                        .get(0)
                        .rules()
                        .calls()
                        .responseTimeoutMillis())
                .isEqualTo(30_000);
        assertThat(found(after, "/pets").action().services().get(0).states())
                .isEqualTo(found(before, "/pets").action().services().get(0).states());
        assertThat(after.credentials()).isSameAs(before.credentials());
    }

    @Test
    void compile_removedRouteBeforeOthers_keepsEntitlementsRight() {
        house();
        compile(put(plan("gold").addServiceIds(id("petstore"))));
        CompiledConfiguration after = compile(remove(ObjectKind.OBJECT_KIND_ROUTE, "other"));

        assertThat(after.routesByOrdinal()).hasSize(1);
        assertThat(holder(after, "key").grantFor(found(after, "/pets").ordinal(), NOW_MILLIS))
                .isNotNull();
    }

    @Test
    void compile_removedServiceInUse_namesWhoUsesIt() {
        house();
        assertThat(problems(remove(ObjectKind.OBJECT_KIND_SERVICE, "petstore")))
                .extracting(Problem::name, Problem::pointer, Problem::detail)
                .contains(org.assertj.core.groups.Tuple.tuple(
                        "pets", "/service", id("petstore") + " (expected: the id of a service that exists)"));
    }

    @Test
    void compile_removedConsumerWithKey_isRefusedUntilTheKeyGoesToo() {
        house();
        assertThat(problems(remove(ObjectKind.OBJECT_KIND_CONSUMER, "acme"))).hasSize(2);
        CompiledConfiguration after = compile(
                remove(ObjectKind.OBJECT_KIND_SUBSCRIPTION, "acme has gold"),
                remove(ObjectKind.OBJECT_KIND_CREDENTIAL, "key"));

        assertThat(after.credentials().find(digest("key"))).isNull();
        assertThat(after.consumers()).isZero();
    }

    @Test
    void compile_refusedAndUndone_goesOnFromBefore() {
        CompiledConfiguration before = house();
        List<Change> undo = wire.apply(List.of(put(route("bad", "nowhere").addPaths(exact("/bad")))));
        assertThat(compiler.compile(wire, 9, before)).isInstanceOf(CompileResult.Refused.class);
        wire.apply(undo);
        CompiledConfiguration after = compile(put(consumer("acme").addGroups("eu")));

        assertThat(holder(after, "key").groupsHeader()).isEqualTo("eu");
        assertThat(after.routes()).isSameAs(before.routes());
    }

    @Test
    void compile_keyMovesToOtherConsumer_followsIt() {
        house();
        CompiledConfiguration after = compile(put(consumer("umbrella")), put(credential("key", "umbrella")));

        assertThat(holder(after, "key").name()).isEqualTo("umbrella");
        assertThat(after.credentials().size()).isEqualTo(1);
    }

    @Test
    void compile_keysSwapDigests_findsEachUnderItsNewOne() {
        house();
        compile(put(credential("second", "acme")));
        CompiledConfiguration after = compile(
                put(credential("key", "acme")
                        .setDigest(credential("second", "acme").getDigest())),
                put(credential("second", "acme")
                        .setDigest(credential("key", "acme").getDigest())));

        assertThat(find(after, "key").id()).isEqualTo(id("second"));
        assertThat(find(after, "second").id()).isEqualTo(id("key"));
        assertThat(after.credentials().size()).isEqualTo(2);
    }

    @Test
    void compile_digestOfAnotherKey_isRefused() {
        house();
        assertThat(problems(put(credential("copy", "acme")
                        .setDigest(credential("key", "acme").getDigest()))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.id()).isEqualTo(id("copy")));
    }

    @Test
    void compile_policies_mostSpecificWins() {
        house();
        CompiledConfiguration compiled = compile(
                put(rateLimit("global-limit", AttachmentKind.ATTACHMENT_KIND_GLOBAL, "", window(1, 1))),
                put(rateLimit("service-limit", AttachmentKind.ATTACHMENT_KIND_SERVICE, "petstore", window(2, 1))),
                put(rateLimit("route-limit", AttachmentKind.ATTACHMENT_KIND_ROUTE, "pets", window(3, 1))),
                put(rateLimit("plan-limit", AttachmentKind.ATTACHMENT_KIND_PLAN, "gold", window(4, 1))));
        Route pets = found(compiled, "/pets");
        EffectivePolicies effective = compiled.policiesByOrdinal().get(pets.ordinal());
        Consumer acme = holder(compiled, "key");
        Grant grant = Objects.requireNonNull(acme.grantFor(pets.ordinal(), NOW_MILLIS));

        assertThat(name(effective.rateLimiterFor(null, null))).isEqualTo("route-limit");
        assertThat(name(effective.rateLimiterFor(acme, grant.plan()))).isEqualTo("plan-limit");
        assertThat(name(compiled.policiesByOrdinal()
                        .get(found(compiled, "/other").ordinal())
                        .rateLimiterFor(null, null)))
                .isEqualTo("service-limit");
        CompiledConfiguration own =
                compile(put(rateLimit("own", AttachmentKind.ATTACHMENT_KIND_CONSUMER, "acme", window(5, 1))));
        assertThat(name(effective.rateLimiterFor(holder(own, "key"), grant.plan())))
                .isEqualTo("own");
        CompiledConfiguration less = compile(
                remove(ObjectKind.OBJECT_KIND_POLICY, "own"), remove(ObjectKind.OBJECT_KIND_POLICY, "route-limit"));
        assertThat(holder(less, "key").rateLimitOverride()).isNull();
        assertThat(name(less.policiesByOrdinal().get(pets.ordinal()).rateLimiterFor(null, null)))
                .isEqualTo("service-limit");
    }

    @Test
    void compile_changedLimit_goesOnCounting() {
        house();
        RateDecision decision = new RateDecision();
        RateLimiter first = limiter(compile(put(plan("gold").setAllRoutes(true).addRateLimits(window(3, 60)))));
        for (int i = 0; i < 3; i++) {
            assertThat(first.tryAcquire(LimitedCall.of("acme"), new Subject(), 0, decision))
                    .isTrue();
        }
        RateLimiter second = limiter(compile(put(plan("gold").setAllRoutes(true).addRateLimits(window(2, 60)))));

        assertThat(second).isNotSameAs(first);
        assertThat(second.tryAcquire(LimitedCall.of("acme"), new Subject(), 0, decision))
                .isFalse();
    }

    private RateLimiter limiter(CompiledConfiguration compiled) {
        Grant grant = holder(compiled, "key").grantFor(0, NOW_MILLIS);
        return Objects.requireNonNull(Objects.requireNonNull(grant).plan().rateLimiter());
    }

    private static String name(@Nullable RateLimiter limiter) {
        return limiter == null ? "" : limiter.limit().name();
    }

    private CompiledConfiguration house() {
        return compile(
                gateway(),
                put(service("petstore")),
                put(route("other", "petstore").addPaths(exact("/other"))),
                put(route("pets", "petstore").addPaths(prefix("/pets"))),
                put(plan("gold").addRouteIds(id("pets"))),
                put(consumer("acme")),
                put(subscription("acme", "gold")),
                put(credential("key", "acme")));
    }

    private CompiledConfiguration compile(Change... changes) {
        wire.apply(List.of(changes));
        CompileResult result = compiler.compile(wire, 1, current);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        CompiledConfiguration compiled = ((CompileResult.Compiled) result).configuration();
        current = compiled;
        return compiled;
    }

    private List<Problem> problems(Change... changes) {
        wire.apply(List.of(changes));
        CompileResult result = compiler.compile(wire, 1, current);
        assertThat(result).isInstanceOf(CompileResult.Refused.class);
        return ((CompileResult.Refused) result).problems();
    }

    private static Route found(CompiledConfiguration compiled, String path) {
        RouteMatch match = new RouteMatch();
        assertThat(compiled.routes().match(Asked.of("", path, "GET"), match)).isEqualTo(RouteVerdict.FOUND);
        return match.route();
    }

    private static Credential find(CompiledConfiguration compiled, String key) {
        return Objects.requireNonNull(compiled.credentials().find(digest(key)));
    }

    private static Consumer holder(CompiledConfiguration compiled, String key) {
        return find(compiled, key).consumer();
    }
}
