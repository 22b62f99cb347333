package io.tollgate.engine.compile;

import com.google.protobuf.Message;
import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.CredentialIndex;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.consumer.Revoked;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.policy.CredentialThrottlePolicy;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.Policies;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.route.DuplicateSlashes;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteIndex;
import io.tollgate.engine.tls.AcmeAnswers;
import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.tls.TrustRoot;
import io.tollgate.engine.token.IssuerPlace;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenIssuers;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.proto.config.v1.Gateway;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns a configuration of the wire into one that requests can follow, or says what is wrong with which object. One
 * compilation at a time; the result is immutable.
 *
 * <p>Implementation note. A compilation starts from the result before and from what the wire says was touched since; only
 * that, and what hangs on it, is parsed, checked and made again:
 *
 * <pre>
 *   certificate, trust root ─▶ service             trust root ─▶ token issuer
 *   service ─▶ upstream ─▶ route ─▶ index          policy ─▶ place ─▶ effective policies, plan, consumer
 *                            └────▶ plan ─▶ consumer (by its subscriptions) ─▶ credential ─▶ index
 * </pre>
 *
 * Routes keep their ordinals as far as they can, so a new route touches only the plans that name it or its service, and
 * rarely a consumer. A plan that comes out the same as before is the same object, and stops the walk there. Costs beside the
 * touched objects themselves: a credential or consumer O(n / 1024) of array copying; a plan its own subscribers; a service,
 * route, or policy of these O(routes) of cheap array work, and a new index only when a pattern changed; everything at the
 * first compilation, or when more was touched than the wire remembers.
 *
 * <p>The check is complete although it only looks at touched objects, because a result is only ever made of objects that
 * were all accepted: a new fault must be in a touched object, in one that refers to it, or in one that stands in the same
 * place.
 */
public final class ConfigurationCompiler {
    private final ObjectRules.Rooms rooms;
    private final ObjectRules rules;

    /** A compiler for whoever stands in no zone. */
    public ConfigurationCompiler(CounterTable counters, TargetTable targets) {
        this(counters, targets, "");
    }

    /**
     * A compiler whose results adopt their state from these tables.
     *
     * @param zone of the node that calls the targets; empty when it has none
     */
    public ConfigurationCompiler(CounterTable counters, TargetTable targets, String zone) {
        LimitCompiler limits = new LimitCompiler(counters);
        rooms = new ObjectRules.Rooms(
                new UpstreamCompiler(targets, zone),
                new RouteCompiler(),
                new PolicyCompiler(limits),
                new PlanCompiler(limits),
                new ConsumerCompiler(),
                new CredentialCompiler(),
                new CertificateCompiler(),
                new ListenerCompiler(),
                new AcmeChallengeCompiler(),
                new TokenIssuerCompiler());
        rules = new ObjectRules(rooms);
    }

    /**
     * Compiles a configuration. The wire is only read.
     *
     * @param wire all objects; what was touched since {@code previous} it knows itself
     * @param revision the number of the configuration
     * @param previous what to start from; null, or of another wire, to compile everything
     */
    public CompileResult compile(WireConfiguration wire, long revision, @Nullable CompiledConfiguration previous) {
        ProblemList list = new ProblemList();
        wire.faults().forEach(list::add);
        if (!list.isEmpty()) {
            // What cannot be read cannot be judged, nor what refers to it.
            return new CompileResult.Refused(list.toList());
        }
        Touched touched = previous == null ? null : touchedSince(previous.linkage(), wire);
        CompiledConfiguration base = touched == null || previous == null ? nothing(wire) : previous;
        Touched scope = touched == null ? everything(wire) : touched;
        if (wire.find(ObjectKey.GATEWAY) == null) {
            list.add(new Problem(
                    ObjectKind.OBJECT_KIND_GATEWAY, ObjectKey.GATEWAY_ID, "", "", "missing (expected: exactly one)"));
        }
        for (ObjectKind kind : ObjectKind.values()) {
            for (String id : scope.changed(kind)) {
                rules.check(new ObjectKey(kind, id), wire, list);
            }
        }
        if (!list.isEmpty()) {
            return new CompileResult.Refused(list.toList());
        }
        return link(wire, revision, base, scope, list);
    }

    private CompileResult link(
            WireConfiguration wire, long revision, CompiledConfiguration base, Touched scope, ProblemList list) {
        Map<String, Certificate> certificates = certificates(wire, base, scope);
        Map<String, TrustRoot> trustRoots = trustRoots(wire, base, scope);
        Map<String, Upstream> upstreams =
                upstreams(wire, base, scope, new TransportCompiler.Proofs(certificates, trustRoots));
        List<Route> routes = routes(wire, base, scope, upstreams);
        PersistentMap<ObjectKey, PolicySet> policies = policies(wire, base, scope, list);
        Map<String, Plan> plans = plans(wire, base, scope, routes, policies);
        Set<String> affected = affectedConsumers(wire, base, scope, plans);
        PersistentMap<String, Consumer> consumers = consumers(wire, base, affected, plans, policies);
        Set<ObjectKey> proofs = credentialsToPut(wire, scope, affected);
        CredentialIndex credentials = proofs.isEmpty() && scope.digests().isEmpty()
                ? base.credentials()
                : rooms.credentials().compile(base.credentials(), proofs, scope, wire, consumers, list);
        Bindings bindings = rooms.credentials()
                .bindings(base.linkage().bindings, proofs, scope, wire, consumers, list)
                .with(consumers, consumersByName(base, affected, consumers));
        TokenIssuers tokenIssuers = tokenIssuers(wire, base, scope, trustRoots, list);
        boolean sameListeners = !scope.isChanged(ObjectKind.OBJECT_KIND_LISTENER)
                && !scope.isChanged(ObjectKind.OBJECT_KIND_CERTIFICATE)
                && !scope.isChanged(ObjectKind.OBJECT_KIND_TRUST_ROOT);
        List<ListenerRules> listeners = sameListeners
                ? base.listeners()
                : rooms.listeners().compile(wire, new ListenerTlsCompiler(certificates, trustRoots), list);
        AcmeAnswers acmeAnswers = scope.isChanged(ObjectKind.OBJECT_KIND_ACME_CHALLENGE)
                ? rooms.acmeChallenges().compile(wire, list)
                : base.acmeAnswers();
        if (!list.isEmpty()) {
            return new CompileResult.Refused(list.toList());
        }
        Policies global = at(policies, ObjectKey.GATEWAY).policies();
        Gateway gateway = (Gateway) wire.read(ObjectKey.GATEWAY).message();
        return new CompileResult.Compiled(new CompiledConfiguration(
                revision,
                wire.digest(),
                index(base, routes),
                routes,
                effectivePolicies(base, routes, policies),
                global.get(PolicyType.REQUEST_TARGET, DuplicateSlashes.MERGE),
                global.find(PolicyType.HSTS),
                global.find(PolicyType.CORS),
                global.find(PolicyType.SECURITY_HEADERS),
                global.get(PolicyType.CREDENTIAL_THROTTLE, CredentialThrottlePolicy.DEFAULT),
                credentials,
                gateway.getKeyDigestSecret().toByteArray(),
                bindings,
                tokenIssuers,
                upstreams,
                certificates,
                trustRoots,
                listeners,
                acmeAnswers,
                plans.size(),
                consumers.size(),
                Revoked.NOBODY,
                new Linkage(wire, wire.version(), plans, consumers, policies, bindings)));
    }

    @SuppressWarnings("ReferenceEquality") // Versions only mean something within one wire.
    private static @Nullable Touched touchedSince(Linkage linkage, WireConfiguration wire) {
        return linkage.wire == wire ? wire.touchedSince(linkage.wireVersion) : null;
    }

    private static CompiledConfiguration nothing(WireConfiguration wire) {
        return new CompiledConfiguration(
                0,
                new byte[ConfigurationDigest.BYTES],
                RouteIndex.of(List.of()),
                List.of(),
                List.of(),
                DuplicateSlashes.MERGE,
                null,
                null,
                null,
                CredentialThrottlePolicy.DEFAULT,
                CredentialIndex.EMPTY,
                new byte[0],
                Bindings.NONE,
                TokenIssuers.NONE,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                AcmeAnswers.NONE,
                0,
                0,
                Revoked.NOBODY,
                new Linkage(wire, -1, Map.of(), PersistentMap.empty(), PersistentMap.empty(), Bindings.NONE));
    }

    private static Touched everything(WireConfiguration wire) {
        Touched all = new Touched();
        for (ObjectKind kind : ObjectKind.values()) {
            if (WireObject.isReadable(kind)) {
                all.addAllChanged(kind, wire.ids(kind));
            }
        }
        return all;
    }

    private Map<String, Upstream> upstreams(
            WireConfiguration wire, CompiledConfiguration base, Touched scope, TransportCompiler.Proofs proofs) {
        Set<String> changed = new HashSet<>(scope.changed(ObjectKind.OBJECT_KIND_SERVICE));
        addServicesOf(ObjectKind.OBJECT_KIND_CERTIFICATE, wire, scope, changed);
        addServicesOf(ObjectKind.OBJECT_KIND_TRUST_ROOT, wire, scope, changed);
        return replaced(
                base.upstreams(),
                ObjectKind.OBJECT_KIND_SERVICE,
                wire,
                changed,
                message -> rooms.upstreams().compile((io.tollgate.proto.config.v1.Service) message, proofs));
    }

    /** The services that refer to a changed object of a kind. */
    private static void addServicesOf(ObjectKind kind, WireConfiguration wire, Touched scope, Set<String> to) {
        for (String id : scope.changed(kind)) {
            for (ObjectKey referrer : wire.referrersTo(new ObjectKey(kind, id))) {
                if (referrer.kind() == ObjectKind.OBJECT_KIND_SERVICE) {
                    to.add(referrer.id());
                }
            }
        }
    }

    private Map<String, Certificate> certificates(WireConfiguration wire, CompiledConfiguration base, Touched scope) {
        return replaced(
                base.certificates(),
                ObjectKind.OBJECT_KIND_CERTIFICATE,
                wire,
                scope.changed(ObjectKind.OBJECT_KIND_CERTIFICATE),
                message -> rooms.certificates().compile((io.tollgate.proto.config.v1.Certificate) message));
    }

    private Map<String, TrustRoot> trustRoots(WireConfiguration wire, CompiledConfiguration base, Touched scope) {
        return replaced(
                base.trustRoots(),
                ObjectKind.OBJECT_KIND_TRUST_ROOT,
                wire,
                scope.changed(ObjectKind.OBJECT_KIND_TRUST_ROOT),
                message -> rooms.certificates().compile((io.tollgate.proto.config.v1.TrustRoot) message));
    }

    /**
     * What was before, with the changed objects of a kind made again, and without those that are removed or make nothing; the same map
     * when none changed.
     */
    private static <T> Map<String, T> replaced(
            Map<String, T> before,
            ObjectKind kind,
            WireConfiguration wire,
            Set<String> changed,
            Function<Message, @Nullable T> compile) {
        if (changed.isEmpty()) {
            return before;
        }
        Map<String, T> now = new HashMap<>(before);
        for (String id : changed) {
            ObjectKey key = new ObjectKey(kind, id);
            T made =
                    wire.find(key) == null ? null : compile.apply(wire.read(key).message());
            if (made == null) {
                now.remove(id);
            } else {
                now.put(id, made);
            }
        }
        return Map.copyOf(now);
    }

    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    private List<Route> routes(
            WireConfiguration wire, CompiledConfiguration base, Touched scope, Map<String, Upstream> upstreams) {
        Set<String> changed = scope.changed(ObjectKind.OBJECT_KIND_ROUTE);
        if (changed.isEmpty() && upstreams == base.upstreams()) {
            return base.routesByOrdinal();
        }
        Ordinals ordinals = Ordinals.assign(base.routesByOrdinal(), changed, wire);
        Function<String, Upstream> services = id -> {
            Upstream upstream = upstreams.get(id);
            if (upstream == null) {
                throw new IllegalStateException("service " + id + " was checked");
            }
            return upstream;
        };
        List<Route> routes = new ArrayList<>(ordinals.size());
        for (int ordinal = 0; ordinal < ordinals.size(); ordinal++) {
            Route kept = ordinals.kept(ordinal);
            if (kept != null) {
                RouteAction now = kept.action().withUpstreams(services);
                routes.add(kept.action() == now ? kept : kept.withAction(now));
                continue;
            }
            ObjectKey key = new ObjectKey(ObjectKind.OBJECT_KIND_ROUTE, ordinals.id(ordinal));
            var route = (io.tollgate.proto.config.v1.Route) wire.read(key).message();
            routes.add(rooms.routes().compile(route, ordinal, services));
        }
        return isSame(routes, base.routesByOrdinal()) ? base.routesByOrdinal() : List.copyOf(routes);
    }

    @SuppressWarnings("ReferenceEquality") // A route that did not change is the same object.
    private static boolean isSame(List<Route> now, List<Route> before) {
        boolean same = now.size() == before.size();
        for (int i = 0; same && i < now.size(); i++) {
            same = now.get(i) == before.get(i);
        }
        return same;
    }

    @SuppressWarnings("ReferenceEquality") // Whether it is the same list, not an equal one.
    private static RouteIndex index(CompiledConfiguration base, List<Route> routes) {
        List<Route> before = base.routesByOrdinal();
        if (routes == before) {
            return base.routes();
        }
        return base.routes().with(routes);
    }

    private PersistentMap<ObjectKey, PolicySet> policies(
            WireConfiguration wire, CompiledConfiguration base, Touched scope, ProblemList list) {
        PersistentMap<ObjectKey, PolicySet> before = base.linkage().policies;
        Set<ObjectKey> places = new HashSet<>();
        for (ObjectKind kind : ObjectKind.values()) {
            if (isPlace(kind)) {
                scope.changed(kind).forEach(id -> places.add(new ObjectKey(kind, id)));
                scope.affected(kind).forEach(id -> places.add(new ObjectKey(kind, id)));
            }
        }
        Map<ObjectKey, @Nullable PolicySet> changes = new HashMap<>();
        for (ObjectKey place : places) {
            PolicySet now = rooms.policies().compile(place, wire, list);
            PolicySet known = before.get(place);
            if (!now.equals(known == null ? PolicySet.NONE : known)) {
                changes.put(place, now.equals(PolicySet.NONE) ? null : now);
            }
        }
        return before.with(changes);
    }

    private static boolean isPlace(ObjectKind kind) {
        return switch (kind) {
            case OBJECT_KIND_GATEWAY, OBJECT_KIND_SERVICE, OBJECT_KIND_ROUTE, OBJECT_KIND_PLAN, OBJECT_KIND_CONSUMER ->
                true;
            default -> false;
        };
    }

    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    private static List<EffectivePolicies> effectivePolicies(
            CompiledConfiguration base, List<Route> routes, PersistentMap<ObjectKey, PolicySet> policies) {
        if (routes == base.routesByOrdinal() && policies == base.linkage().policies) {
            return base.policiesByOrdinal();
        }
        PolicySet global = at(policies, ObjectKey.GATEWAY);
        boolean samePolicies = policies == base.linkage().policies;
        List<Route> before = base.routesByOrdinal();
        List<EffectivePolicies> effective = new ArrayList<>(routes.size());
        for (Route route : routes) {
            int ordinal = route.ordinal();
            if (samePolicies && ordinal < before.size() && before.get(ordinal) == route) {
                effective.add(base.policiesByOrdinal().get(ordinal));
                continue;
            }
            PolicySet own = at(policies, new ObjectKey(ObjectKind.OBJECT_KIND_ROUTE, route.id()));
            String serviceId = route.policyServiceId();
            PolicySet service = serviceId == null
                    ? PolicySet.NONE
                    : at(policies, new ObjectKey(ObjectKind.OBJECT_KIND_SERVICE, serviceId));
            EffectivePolicies now =
                    EffectivePolicies.of(own.policies().over(service.policies()).over(global.policies()));
            boolean known = ordinal < base.policiesByOrdinal().size();
            effective.add(
                    known && now.equals(base.policiesByOrdinal().get(ordinal))
                            ? base.policiesByOrdinal().get(ordinal)
                            : now);
        }
        return List.copyOf(effective);
    }

    private static PolicySet at(PersistentMap<ObjectKey, PolicySet> policies, ObjectKey place) {
        PolicySet there = policies.get(place);
        return there == null ? PolicySet.NONE : there;
    }

    private Map<String, Plan> plans(
            WireConfiguration wire,
            CompiledConfiguration base,
            Touched scope,
            List<Route> routes,
            PersistentMap<ObjectKey, PolicySet> policies) {
        Map<String, Plan> before = base.linkage().plans;
        Collection<String> ids;
        if (isCoveredAlike(base.routesByOrdinal(), routes)) {
            Set<String> touched = new HashSet<>(scope.changed(ObjectKind.OBJECT_KIND_PLAN));
            touched.addAll(scope.affected(ObjectKind.OBJECT_KIND_PLAN));
            ids = touched;
        } else {
            Set<String> all = new HashSet<>(wire.ids(ObjectKind.OBJECT_KIND_PLAN));
            all.addAll(before.keySet());
            ids = all;
        }
        if (ids.isEmpty()) {
            return before;
        }
        PlanCompiler.Coverage coverage = new PlanCompiler.Coverage(routes);
        Map<String, Plan> plans = new HashMap<>(before);
        for (String id : ids) {
            ObjectKey key = new ObjectKey(ObjectKind.OBJECT_KIND_PLAN, id);
            if (wire.find(key) == null) {
                plans.remove(id);
                continue;
            }
            Plan now = rooms.plans()
                    .compile((io.tollgate.proto.config.v1.Plan) wire.read(key).message(), coverage, at(policies, key));
            Plan known = before.get(id);
            plans.put(id, known != null && known.isSameAs(now) ? known : now);
        }
        return Map.copyOf(plans);
    }

    /** Whether plans that name routes and services cover the same ordinals in both. */
    @SuppressWarnings("ReferenceEquality") // A route that did not change is the same object.
    private static boolean isCoveredAlike(List<Route> before, List<Route> now) {
        if (now == before) {
            return true;
        }
        if (now.size() != before.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            Route one = now.get(i);
            Route other = before.get(i);
            if (one != other
                    && !(one.id().equals(other.id()) && one.serviceIds().equals(other.serviceIds()))) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // A plan that did not change is the same object.
    private static Set<String> affectedConsumers(
            WireConfiguration wire, CompiledConfiguration base, Touched scope, Map<String, Plan> plans) {
        Set<String> affected = new HashSet<>(scope.changed(ObjectKind.OBJECT_KIND_CONSUMER));
        affected.addAll(scope.affected(ObjectKind.OBJECT_KIND_CONSUMER));
        if (plans == base.linkage().plans) {
            return affected;
        }
        for (Plan plan : plans.values()) {
            if (plan == base.linkage().plans.get(plan.id())) {
                continue;
            }
            for (ObjectKey referrer : wire.referrersTo(new ObjectKey(ObjectKind.OBJECT_KIND_PLAN, plan.id()))) {
                if (referrer.kind() == ObjectKind.OBJECT_KIND_SUBSCRIPTION) {
                    affected.add(((Subscription) wire.read(referrer).message()).getConsumerId());
                }
            }
        }
        return affected;
    }

    private PersistentMap<String, Consumer> consumers(
            WireConfiguration wire,
            CompiledConfiguration base,
            Set<String> affected,
            Map<String, Plan> plans,
            PersistentMap<ObjectKey, PolicySet> policies) {
        Map<String, @Nullable Consumer> changes = new HashMap<>();
        for (String id : affected) {
            ObjectKey key = new ObjectKey(ObjectKind.OBJECT_KIND_CONSUMER, id);
            changes.put(
                    id,
                    wire.find(key) == null
                            ? null
                            : rooms.consumers().compile(wire.read(key), wire, plans, at(policies, key)));
        }
        return base.linkage().consumers.with(changes);
    }

    /** The credentials that changed or whose consumer did, those that are gone left out. */
    private static Set<ObjectKey> credentialsToPut(WireConfiguration wire, Touched scope, Set<String> affected) {
        Set<ObjectKey> ids = new HashSet<>();
        for (String id : scope.changed(ObjectKind.OBJECT_KIND_CREDENTIAL)) {
            ObjectKey key = new ObjectKey(ObjectKind.OBJECT_KIND_CREDENTIAL, id);
            if (wire.find(key) != null) {
                ids.add(key);
            }
        }
        for (String id : affected) {
            for (ObjectKey referrer : wire.referrersTo(new ObjectKey(ObjectKind.OBJECT_KIND_CONSUMER, id))) {
                if (referrer.kind() == ObjectKind.OBJECT_KIND_CREDENTIAL) {
                    ids.add(referrer);
                }
            }
        }
        return ids;
    }

    /** What changes in the names of consumers when these did. */
    private static Map<String, @Nullable Consumer> consumersByName(
            CompiledConfiguration base, Set<String> affected, PersistentMap<String, Consumer> consumers) {
        Map<String, @Nullable Consumer> changes = new HashMap<>();
        for (String id : affected) {
            Consumer before = base.linkage().consumers.get(id);
            if (before != null) {
                changes.put(before.name(), null);
            }
        }
        // After all of the above: one may have the name now that another one had.
        for (String id : affected) {
            Consumer now = consumers.get(id);
            if (now != null) {
                changes.put(now.name(), now);
            }
        }
        return changes;
    }

    private TokenIssuers tokenIssuers(
            WireConfiguration wire,
            CompiledConfiguration base,
            Touched scope,
            Map<String, TrustRoot> trustRoots,
            ProblemList list) {
        Set<String> changed = new HashSet<>(scope.changed(ObjectKind.OBJECT_KIND_TOKEN_ISSUER));
        for (String id : scope.changed(ObjectKind.OBJECT_KIND_TRUST_ROOT)) {
            for (ObjectKey referrer : wire.referrersTo(new ObjectKey(ObjectKind.OBJECT_KIND_TRUST_ROOT, id))) {
                if (referrer.kind() == ObjectKind.OBJECT_KIND_TOKEN_ISSUER) {
                    changed.add(referrer.id());
                }
            }
        }
        if (changed.isEmpty()) {
            return base.tokenIssuers();
        }
        Map<String, TokenIssuer> byId = new TreeMap<>(base.tokenIssuers().byId());
        for (String id : changed) {
            ObjectKey key = new ObjectKey(ObjectKind.OBJECT_KIND_TOKEN_ISSUER, id);
            byId.remove(id);
            if (wire.find(key) != null) {
                var issuer =
                        (io.tollgate.proto.config.v1.TokenIssuer) wire.read(key).message();
                if (issuer.getEnabled()) {
                    byId.put(id, rooms.tokenIssuers().compile(issuer, trustRoots));
                }
            }
        }
        Set<String> claimed = new HashSet<>();
        for (TokenIssuer issuer : byId.values()) {
            boolean first = claimed.add(issuer.issuer());
            if (issuer.keys() instanceof TokenIssuer.Keys.Own own) {
                IssuerPlace place = own.issuance().place();
                first &= claimed.add(place.host() + " " + place.path());
            }
            if (!first) {
                WireObject object = wire.read(new ObjectKey(ObjectKind.OBJECT_KIND_TOKEN_ISSUER, issuer.id()));
                new ObjectProblems(list, object)
                        .add("/issuer", "a second " + issuer.issuer(), "each enabled issuer's own");
            }
        }
        return list.isEmpty() ? TokenIssuers.of(byId.values()) : base.tokenIssuers();
    }
}
