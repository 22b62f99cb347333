package io.tollgate.engine.explain;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Grant;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.route.HostText;
import io.tollgate.engine.route.RequestTarget;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.route.RouteVerdict;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says what the nodes would do with a described request, and why. Functions without state; any thread.
 *
 * <p>Target and host are normalised and the route is found by what the nodes use; only the losers are asked one by one. Cost:
 * O(routes), and O(consumers) when the caller is given by name.
 */
public final class Explainer {
    private Explainer() {}

    /** The same, where the keys of token issuers are known that the configuration holds itself. */
    public static Explanation explain(CompiledConfiguration configuration, ExplainQuestion question) {
        return explain(configuration, question, TokenIssuer::heldKeys);
    }

    /**
     * What this configuration does with this request.
     *
     * @param keysOf the keys that a token issuer has now; null while they are not known
     */
    public static Explanation explain(
            CompiledConfiguration configuration,
            ExplainQuestion question,
            Function<TokenIssuer, @Nullable KeySet> keysOf) {
        RequestTarget target = new RequestTarget();
        String host = HostText.parse(question.host());
        if (host == null || !target.read(question.target(), configuration.duplicateSlashes())) {
            return Explanation.withoutRoute(configuration.revision(), ExplainVerdict.BAD_REQUEST, "", List.of());
        }
        String own = OwnPlaces.words(configuration, host, target.path());
        if (!own.isEmpty()) {
            return Explanation.ofGateway(configuration.revision(), target.path(), own);
        }
        DescribedRequest request = new DescribedRequest(question, host, target.path(), target.query());
        RouteMatch match = new RouteMatch();
        RouteVerdict verdict = configuration.routes().match(request, match);
        List<Explanation.Candidate> candidates = candidates(configuration, request);
        return switch (verdict) {
            case FOUND -> found(configuration, request, match, candidates, keysOf);
            case NOT_FOUND ->
                Explanation.withoutRoute(
                        configuration.revision(), ExplainVerdict.NOT_FOUND, request.path(), candidates);
            case METHOD_NOT_ALLOWED ->
                Explanation.withoutRoute(
                        configuration.revision(), ExplainVerdict.METHOD_NOT_ALLOWED, request.path(), candidates);
        };
    }

    private static Explanation found(
            CompiledConfiguration configuration,
            DescribedRequest request,
            RouteMatch match,
            List<Explanation.Candidate> candidates,
            Function<TokenIssuer, @Nullable KeySet> keysOf) {
        Route route = match.route();
        EffectivePolicies policies = configuration.policiesByOrdinal().get(route.ordinal());
        String asked = request.question().caller().consumer();
        DescribedCredential shown = asked.isEmpty()
                ? DescribedCredential.judge(configuration, policies, request, keysOf)
                : DescribedCredential.NONE;
        Credential credential = shown.credential();
        Consumer consumer = asked.isEmpty()
                ? credential == null ? null : credential.consumer()
                : configuration.linkage().findConsumer(asked);
        Grant grant = consumer == null || !consumer.enabled()
                ? null
                : consumer.grantFor(route.ordinal(), request.question().nowMillis());
        Plan plan = grant == null ? null : grant.plan();
        Upstream service = route.action().policyService();
        DescribedFacts facts = new DescribedFacts(
                request,
                match,
                policies.secretHeaders(),
                policies.secretParameters(),
                consumer,
                plan,
                service == null ? "" : service.name());
        return new Explanation(
                configuration.revision(),
                ExplainVerdict.FOUND,
                request.path(),
                route.name(),
                match.pathPattern().text(),
                parameters(match),
                candidates,
                ActionWords.action(facts),
                PolicyOrigins.of(configuration, route, consumer, plan),
                LimitWords.of(policies, consumer, plan),
                ActionWords.upstream(route, request.question().nowMillis()),
                AdmissionWords.of(
                        configuration, route, policies, new DescribedCaller(request, shown, consumer, plan), grant));
    }

    private static Map<String, String> parameters(RouteMatch match) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < match.parameterCount(); i++) {
            parameters.put(match.parameterName(i), match.parameterValue(i));
        }
        return parameters;
    }

    private static List<Explanation.Candidate> candidates(
            CompiledConfiguration configuration, DescribedRequest request) {
        // The worst of those kept is on top, so that many routes cost no more memory than few.
        PriorityQueue<Judgement> kept = new PriorityQueue<>(Judgement.LATE_FIRST.reversed());
        for (Route route : configuration.routesByOrdinal()) {
            if (route.enabled()) {
                kept.add(Judgement.of(route, request));
                if (kept.size() > Explanation.CANDIDATES_MAX) {
                    kept.poll();
                }
            }
        }
        List<Judgement> sorted = new ArrayList<>(kept);
        sorted.sort(Judgement.LATE_FIRST);
        return sorted.stream()
                .map(one -> new Explanation.Candidate(
                        one.route().name(), one.stage() == Judgement.Stage.MATCHES, one.failed()))
                .toList();
    }
}
