package io.tollgate.node.listener;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.access.AccessVerdict;
import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.action.StreamRule;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialType;
import io.tollgate.engine.consumer.Grant;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.consumer.Revoked;
import io.tollgate.engine.consumer.Terms;
import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.engine.route.Route;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.StreamJudge;
import io.tollgate.node.exchange.StreamStanding;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.pipeline.CompiledSnapshot;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges streams by the snapshot of now. One per event loop, confined to it.
 *
 * <p>A stream follows each configuration once; between two of them only the clock can end it.
 */
final class SnapshotJudge implements StreamJudge {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final ActiveSnapshot active;
    // Of one configuration, made when a route is not where it was.
    private Map<String, Route> routesById = Map.of();
    private @Nullable CompiledConfiguration routesOf;

    SnapshotJudge(ActiveSnapshot active) {
        this.active = active;
    }

    @Override
    public Outcome judge(StreamStanding standing, long nowNanos) {
        CompiledSnapshot snapshot = active.get();
        if (snapshot == null) {
            return Outcome.OK;
        }
        CompiledConfiguration now = snapshot.configuration();
        if (!standing.isJudgedBy(now)) {
            followRoute(standing, now, nowNanos);
            followCredential(standing, now);
            standing.judgedBy(now);
        }
        if (!isWelcome(standing) || !isOnItsTerms(standing, now) || !isAllowed(standing, now)) {
            return Outcome.STREAM_REVOKED;
        }
        return standing.isTimeOver(nowNanos) ? Outcome.STREAM_CLOSED : Outcome.OK;
    }

    @SuppressWarnings("ReferenceEquality") // What a route does is the same object as long as nothing of it changes.
    private void followRoute(StreamStanding standing, CompiledConfiguration now, long nowNanos) {
        Route admitted = standing.exchange().route();
        RouteAction before = standing.action();
        if (admitted == null || before == null) {
            return;
        }
        Route route = find(admitted, now);
        if (route == null) {
            end(standing, before.rules().streams(), nowNanos);
            standing.routeGone();
            return;
        }
        if (route.action() != before) {
            // The newest word holds, where the route has one: one that calls no service any more says nothing of
            // streams.
            boolean forwards = !route.action().services().isEmpty();
            end(standing, (forwards ? route.action() : before).rules().streams(), nowNanos);
        }
        standing.route(route.action(), route.ordinal());
    }

    private static void end(StreamStanding standing, StreamRule rule, long nowNanos) {
        switch (rule.onChange()) {
            case KEEP -> {
                // It goes on; a time that an earlier change has set stays.
            }
            case DRAIN -> standing.endBy(nowNanos + rule.drainSeconds() * NANOS_PER_SECOND);
            case CLOSE -> standing.endBy(nowNanos);
        }
    }

    @SuppressWarnings("ReferenceEquality") // An index that did not change is the same object.
    private static void followCredential(StreamStanding standing, CompiledConfiguration now) {
        Exchange exchange = standing.exchange();
        CompiledConfiguration before = exchange.configuration();
        boolean mayDiffer = before.credentials() != now.credentials()
                || before.bindings() != now.bindings()
                || before.tokenIssuers() != now.tokenIssuers();
        if (exchange.credential() != null && mayDiffer) {
            standing.credential(exchange.findCredential(now));
        }
        exchange.configuration(now);
    }

    private static boolean isWelcome(StreamStanding standing) {
        Exchange exchange = standing.exchange();
        if (exchange.credential() == null) {
            return true;
        }
        long nowMillis = exchange.scratch().clock().epochMillis();
        Credential credential = standing.credential();
        Revoked revoked = exchange.configuration().revoked();
        return credential != null
                && !revoked.holds(credential)
                && !revoked.holds(credential.consumer())
                && !credential.revoked()
                && !credential.isExpired(nowMillis)
                && credential.consumer().enabled()
                && isEntitled(credential.consumer(), standing, nowMillis);
    }

    /** Whether the credential may still be used from where the stream comes, and a key in its environment. A route that is gone takes any. */
    private static boolean isOnItsTerms(StreamStanding standing, CompiledConfiguration now) {
        Credential credential = standing.credential();
        if (credential == null) {
            return true;
        }
        Terms terms = credential.terms();
        Exchange exchange = standing.exchange();
        if (!terms.networks().isEmpty() && !terms.takesFrom(exchange.clientAddressBytes())) {
            return false;
        }
        // What a token was issued for is a key too, but its environment was asked when it was issued.
        if (credential.type() != CredentialType.KEY || exchange.token() != null || standing.routeOrdinal() < 0) {
            return true;
        }
        KeyAuthPolicy policy =
                now.policiesByOrdinal().get(standing.routeOrdinal()).keyAuth();
        return policy == null || policy.environments().contains(terms.environment());
    }

    /** Whether the access rules of now would still let it in. A route that is gone has none. */
    private static boolean isAllowed(StreamStanding standing, CompiledConfiguration now) {
        if (standing.routeOrdinal() < 0) {
            return true;
        }
        Credential credential = standing.credential();
        Consumer consumer = credential == null ? null : credential.consumer();
        Exchange exchange = standing.exchange();
        Grant grant = consumer == null ? null : consumer.grantFor(standing.routeOrdinal(), exchange.epochMillis());
        Plan plan = grant == null ? null : grant.plan();
        AccessRules rules = now.policiesByOrdinal().get(standing.routeOrdinal()).accessFor(consumer, plan);
        if (rules == null) {
            return true;
        }
        Boolean known = standing.allowedBy(rules, plan);
        if (known != null) {
            return known;
        }
        boolean allowed =
                rules.judge(new StreamCaller(exchange, credential, plan)).effect() == AccessVerdict.Effect.ALLOWED;
        standing.allowedBy(rules, plan, allowed);
        return allowed;
    }

    private static boolean isEntitled(Consumer consumer, StreamStanding standing, long nowMillis) {
        if (standing.routeOrdinal() >= 0) {
            return consumer.grantFor(standing.routeOrdinal(), nowMillis) != null;
        }
        // A route that is gone is in no plan: what was bought then is what counts.
        Plan plan = standing.exchange().plan();
        for (Grant grant : consumer.grants()) {
            if (plan != null
                    && grant.isLive(nowMillis)
                    && grant.plan().idHigh() == plan.idHigh()
                    && grant.plan().idLow() == plan.idLow()) {
                return true;
            }
        }
        return plan == null;
    }

    @SuppressWarnings("ReferenceEquality") // Whether it is the same configuration.
    private @Nullable Route find(Route admitted, CompiledConfiguration now) {
        int ordinal = admitted.ordinal();
        if (ordinal < now.routesByOrdinal().size()) {
            Route there = now.routesByOrdinal().get(ordinal);
            if (there.id().equals(admitted.id())) {
                return there;
            }
        }
        if (routesOf != now) {
            Map<String, Route> byId = new HashMap<>();
            for (Route route : now.routesByOrdinal()) {
                byId.put(route.id(), route);
            }
            routesById = byId;
            routesOf = now;
        }
        return routesById.get(admitted.id());
    }
}
