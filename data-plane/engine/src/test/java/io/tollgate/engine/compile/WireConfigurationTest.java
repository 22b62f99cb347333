package io.tollgate.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.tollgate.engine.action.Mirror;
import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.fixture.Wires;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WireConfigurationTest {
    private static final long NOW_MILLIS = 5_000;

    @Test
    void digest_anyOrderAndDetour_isThatOfTheContent() {
        Random random = Seed.random(WireConfigurationTest.class);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            changes.add(Wires.put(Wires.consumer("c" + i)));
        }
        WireConfiguration straight = new WireConfiguration();
        straight.apply(changes);
        Collections.shuffle(changes, random);
        WireConfiguration detour = new WireConfiguration();
        detour.apply(List.of(Wires.put(Wires.consumer("c3").addGroups("old"))));
        detour.apply(changes);
        detour.apply(List.of(Wires.put(Wires.consumer("gone")), Wires.remove(ObjectKind.OBJECT_KIND_CONSUMER, "gone")));

        assertThat(detour.digest()).isEqualTo(straight.digest());
        assertThat(detour.changes()).isEqualTo(straight.changes());
        assertThat(detour.size()).isEqualTo(50);
        detour.apply(List.of(Wires.put(Wires.consumer("c3").addGroups("new"))));
        assertThat(detour.digest()).isNotEqualTo(straight.digest());
    }

    @Test
    void digest_empty_isZero() {
        assertThat(new WireConfiguration().digest()).isEqualTo(new byte[32]);
    }

    @Test
    void apply_inverse_restoresEverythingWhateverCame() {
        Random random = Seed.random(WireConfigurationTest.class);
        WireConfiguration wire = new WireConfiguration();
        for (int round = 0; round < 300; round++) {
            List<Change> before = wire.changes();
            byte[] digest = wire.digest();
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < random.nextInt(10); i++) {
                changes.add(anything(random));
            }
            List<Change> undo = wire.apply(changes);
            if (random.nextBoolean()) {
                wire.apply(undo);
                assertThat(wire.changes()).isEqualTo(before);
                assertThat(wire.digest()).isEqualTo(digest);
                assertThat(wire.size()).isEqualTo(before.size());
            }
        }
    }

    @Test
    void apply_bytesThatDoNotParse_areReportedAndCanBeReplaced() {
        WireConfiguration wire = new WireConfiguration();
        wire.apply(List.of(Wires.gateway()));
        wire.apply(List.of(Wires.put(Wires.consumer("acme")).toBuilder()
                .setObject(ByteString.copyFromUtf8("\u0001nonsense"))
                .build()));
        assertThat(refused(wire)).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(ObjectKind.OBJECT_KIND_CONSUMER);
            assertThat(problem.id()).isEqualTo(Wires.id("acme"));
        });
        wire.apply(List.of(Wires.put(Wires.consumer("acme"))));
        assertThat(compile(wire, null)).isNotNull();
    }

    @Test
    void apply_unknownField_enforcingIsRefusedAndCosmeticKept() {
        WireConfiguration wire = new WireConfiguration();
        wire.apply(List.of(
                Wires.gateway(),
                Wires.put(withField(Wires.credential("k", "acme"), 1001)),
                Wires.put(Wires.consumer("acme"))));
        assertThat(compile(wire, null).credentials().size()).isEqualTo(1);
        wire.apply(List.of(Wires.put(withField(Wires.credential("k", "acme"), 999))));
        assertThat(refused(wire))
                .extracting(Problem::detail)
                .containsExactly("field 999 of Credential (expected: fields that this build can enforce)");
    }

    @Test
    void apply_unknownFieldInPart_isRefused() {
        WireConfiguration wire = new WireConfiguration();
        var service = Wires.service("s");
        service.getTargetsBuilder(0).setUnknownFields(field(77));
        wire.apply(List.of(Wires.gateway(), Wires.put(service)));
        assertThat(refused(wire))
                .extracting(Problem::detail)
                .containsExactly("field 77 of Target (expected: fields that this build can enforce)");
    }

    @Test
    void apply_unknownKind_isRefusedAndCanBeTakenBack() {
        WireConfiguration wire = new WireConfiguration();
        wire.apply(List.of(Wires.gateway()));
        byte[] digest = wire.digest();
        Change later = Change.newBuilder()
                .setKindValue(99)
                .setId(Wires.id("x"))
                .setObject(ByteString.copyFromUtf8("x"))
                .build();
        List<Change> undo = wire.apply(List.of(later));
        assertThat(wire.changes()).contains(later);
        assertThat(refused(wire))
                .extracting(Problem::detail)
                .containsExactly("kind 99 (expected: a kind that this build can enforce)");
        wire.apply(undo);
        assertThat(wire.digest()).isEqualTo(digest);
        assertThat(compile(wire, null)).isNotNull();
    }

    @Test
    void apply_idsThatDisagreeOrAreNone_areRefused() {
        WireConfiguration wire = new WireConfiguration();
        wire.apply(List.of(
                Wires.gateway(),
                Wires.put(Wires.consumer("a")).toBuilder().setId(Wires.id("b")).build(),
                Wires.put(Wires.consumer("c").setId("C"))));
        assertThat(refused(wire)).hasSize(2);
    }

    /** Incremental compilation, with refusals taken back, against a compilation of everything. */
    @Test
    void compile_randomHistory_agreesWithCompilingEverything() {
        Random random = Seed.random(WireConfigurationTest.class);
        int accepted = 0;
        for (int history = 0; history < 20; history++) {
            WireConfiguration wire = new WireConfiguration();
            wire.apply(List.of(Wires.gateway()));
            ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
            CompiledConfiguration current = null;
            for (int revision = 1; revision <= 120; revision++) {
                List<Change> changes = new ArrayList<>();
                for (int i = 0; i <= random.nextInt(3); i++) {
                    changes.add(sensible(random));
                }
                List<Change> undo = wire.apply(changes);
                CompileResult result = compiler.compile(wire, revision, current);
                CompileResult whole = wholly(wire, revision);
                assertThat(describe(result))
                        .as("history %d revision %d", history, revision)
                        .isEqualTo(describe(whole));
                if (result instanceof CompileResult.Compiled compiled) {
                    current = compiled.configuration();
                    accepted++;
                } else {
                    wire.apply(undo);
                }
            }
        }
        assertThat(accepted).as("accepted revisions").isGreaterThan(400);
    }

    private static CompileResult wholly(WireConfiguration wire, long revision) {
        WireConfiguration copy = new WireConfiguration();
        copy.apply(wire.changes());
        return new ConfigurationCompiler(new CounterTable(), new TargetTable()).compile(copy, revision, null);
    }

    /** All that a request could find out, without ordinals, which may differ. */
    private static String describe(CompileResult result) {
        if (result instanceof CompileResult.Refused refused) {
            // What is refused is the same; of equal faults another object may be named.
            return "refused " + (refused.problems().isEmpty() ? "for nothing" : "for something");
        }
        CompiledConfiguration compiled = ((CompileResult.Compiled) result).configuration();
        TreeMap<String, String> lines = new TreeMap<>();
        for (Route route : compiled.routesByOrdinal()) {
            EffectivePolicies policies = compiled.policiesByOrdinal().get(route.ordinal());
            lines.put(
                    "route " + route.name(),
                    route.paths() + " " + describe(route.action()) + name(policies.rateLimiterFor(null, null))
                            + policies.keyAuth());
            for (int i = 0; i < 8; i++) {
                Credential credential = compiled.credentials().find(Wires.digest("k" + i));
                if (credential != null) {
                    lines.put("key " + i + " on " + route.name(), describe(credential, route, policies));
                }
            }
        }
        return compiled.routes().print() + "\n" + String.join("\n", lines.values()) + compiled.consumers()
                + compiled.plans() + compiled.credentials().size();
    }

    private static String describe(Credential credential, Route route, EffectivePolicies policies) {
        Consumer consumer = credential.consumer();
        var grant = consumer.grantFor(route.ordinal(), NOW_MILLIS);
        Plan plan = grant == null ? null : grant.plan();
        return credential.id()
                + credential.revoked()
                + consumer.name()
                + consumer.groupsHeader()
                + (plan == null ? " not entitled" : plan.name() + name(plan.rateLimiter()))
                + name(policies.rateLimiterFor(consumer, plan));
    }

    private static String name(@Nullable RateLimiter limiter) {
        return limiter == null ? " unlimited" : " " + limiter.limit();
    }

    private static String describe(RouteAction action) {
        StringBuilder out = new StringBuilder(action.label());
        for (Upstream upstream : action.services()) {
            out.append(' ').append(action.rules().calls(upstream).responseTimeoutMillis());
        }
        Mirror mirror = action.rules().mirror();
        if (mirror != null) {
            out.append(" to ")
                    .append(mirror.upstream().name())
                    .append(' ')
                    .append(mirror.upstream().rules().calls().responseTimeoutMillis());
        }
        return out.append(' ').toString();
    }

    private static io.tollgate.proto.config.v1.Route.Builder action(
            io.tollgate.proto.config.v1.Route.Builder route, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                route.clearServiceId();
                for (int i = 0; i < 3; i++) {
                    if (i == 0 || random.nextBoolean()) {
                        route.getSplitBuilder()
                                .addServicesBuilder()
                                .setServiceId(Wires.id("s" + i))
                                .setWeight(1);
                    }
                }
            }
            case 1 ->
                route.getMirrorBuilder()
                        .setServiceId(Wires.id("s" + random.nextInt(3)))
                        .setPercent(1);
            case 2 -> route.clearServiceId().getFixedAnswerBuilder().setStatus(200);
            default -> {
                // One service, as it is.
            }
        }
        return route;
    }

    private static Change sensible(Random random) {
        String number = String.valueOf(random.nextInt(4));
        String other = String.valueOf(random.nextInt(4));
        return switch (random.nextInt(15)) {
            case 0, 1 -> Wires.put(Wires.service("s" + number).setResponseTimeoutMillis(1 + random.nextInt(3)));
            case 2, 3 ->
                Wires.put(action(
                        Wires.route("r" + number, "s" + other)
                                .addPaths(Wires.prefix("/" + random.nextInt(3)))
                                .setEnabled(random.nextInt(5) > 0),
                        random));
            case 4 -> Wires.put(Wires.plan("p" + number).addRouteIds(Wires.id("r" + other)));
            case 5 ->
                Wires.put(Wires.plan("p" + number)
                        .addServiceIds(Wires.id("s" + other))
                        .addServiceIds(Wires.id("s" + random.nextInt(3)))
                        .addRateLimits(Wires.window(1 + random.nextInt(5), 1)));
            case 6, 7 -> Wires.put(Wires.consumer("c" + number).addGroups("g" + random.nextInt(3)));
            case 8, 9 -> Wires.put(Wires.subscription("c" + number, "p" + other));
            case 10 -> Wires.put(credential("k" + random.nextInt(8), "c" + other, random));
            case 11 ->
                Wires.put(Wires.rateLimit(
                                "l" + random.nextInt(6),
                                pick(random),
                                pick(random, "s", "r", "p", "c") + other,
                                Wires.window(1 + random.nextInt(9), 1))
                        .setEnabled(random.nextInt(4) > 0));
            case 12 -> Wires.remove(ObjectKind.OBJECT_KIND_POLICY, "l" + random.nextInt(6));
            case 13 -> Wires.remove(ObjectKind.OBJECT_KIND_CREDENTIAL, "k" + random.nextInt(8));
            default ->
                switch (random.nextInt(5)) {
                    case 0 -> Wires.remove(ObjectKind.OBJECT_KIND_SUBSCRIPTION, "c" + number + " has p" + other);
                    case 1 -> Wires.remove(ObjectKind.OBJECT_KIND_ROUTE, "r" + number);
                    case 2 -> Wires.remove(ObjectKind.OBJECT_KIND_PLAN, "p" + number);
                    case 3 -> Wires.remove(ObjectKind.OBJECT_KIND_CONSUMER, "c" + number);
                    default -> Wires.remove(ObjectKind.OBJECT_KIND_SERVICE, "s" + number);
                };
        };
    }

    private static io.tollgate.proto.config.v1.Credential.Builder credential(
            String name, String consumer, Random random) {
        io.tollgate.proto.config.v1.Credential.Builder credential =
                Wires.credential(name, consumer).setRevoked(random.nextBoolean());
        // Now and then under the digest of another one.
        return random.nextInt(3) == 0
                ? credential.setDigest(ByteString.copyFrom(Wires.digest("k" + random.nextInt(8))))
                : credential;
    }

    private static AttachmentKind pick(Random random) {
        AttachmentKind[] kinds = {
            AttachmentKind.ATTACHMENT_KIND_GLOBAL,
            AttachmentKind.ATTACHMENT_KIND_SERVICE,
            AttachmentKind.ATTACHMENT_KIND_ROUTE,
            AttachmentKind.ATTACHMENT_KIND_PLAN,
            AttachmentKind.ATTACHMENT_KIND_CONSUMER
        };
        return kinds[random.nextInt(kinds.length)];
    }

    private static String pick(Random random, String... from) {
        return from[random.nextInt(from.length)];
    }

    private static Change anything(Random random) {
        return switch (random.nextInt(6)) {
            case 0 ->
                Wires.put(Wires.consumer("c" + random.nextInt(3))).toBuilder()
                        .setObject(ByteString.copyFrom(new byte[] {(byte) random.nextInt(), (byte) random.nextInt()}))
                        .build();
            case 1 ->
                Change.newBuilder()
                        .setKindValue(random.nextInt(3) * 50)
                        .setId(Wires.id("u" + random.nextInt(2)))
                        .setObject(ByteString.copyFromUtf8("x" + random.nextInt(2)))
                        .setRemoved(random.nextBoolean())
                        .build();
            default -> sensible(random);
        };
    }

    private static io.tollgate.proto.config.v1.Credential.Builder withField(
            io.tollgate.proto.config.v1.Credential.Builder credential, int number) {
        return credential.setUnknownFields(field(number));
    }

    private static UnknownFieldSet field(int number) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }

    private static CompiledConfiguration compile(WireConfiguration wire, @Nullable CompiledConfiguration previous) {
        CompileResult result =
                new ConfigurationCompiler(new CounterTable(), new TargetTable()).compile(wire, 1, previous);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        return ((CompileResult.Compiled) result).configuration();
    }

    private static List<Problem> refused(WireConfiguration wire) {
        CompileResult result = new ConfigurationCompiler(new CounterTable(), new TargetTable()).compile(wire, 1, null);
        assertThat(result).isInstanceOf(CompileResult.Refused.class);
        return ((CompileResult.Refused) result).problems();
    }
}
