package io.tollgate.engine.explain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the nodes' own matcher says to a request, and what would apply. Immutable. Texts are empty where there is nothing to
 * say.
 *
 * @param revision the configuration that was asked
 * @param verdict what the matcher says
 * @param path the normalised path, which is what is matched
 * @param route name of the route that wins
 * @param pattern which of its paths matched, as it wrote it
 * @param parameters path parameters by name, in the order of the path
 * @param candidates enabled routes: those that match in order of precedence, the winner first, then the others, those that
 *     fail late first; at most {@value #CANDIDATES_MAX}
 * @param action what becomes of the request
 * @param policies of each type the one that wins, sorted by type
 * @param limits that would be asked, by name and windows
 * @param upstream the service's targets with their health where it is known
 * @param admission what the filters would say to this caller, from the configuration alone: the word of the outcome, and why
 */
public record Explanation(
        long revision,
        ExplainVerdict verdict,
        String path,
        String route,
        String pattern,
        Map<String, String> parameters,
        List<Candidate> candidates,
        String action,
        List<AppliedPolicy> policies,
        List<String> limits,
        String upstream,
        String admission) {
    /** Most candidates that are told: more nobody reads. */
    public static final int CANDIDATES_MAX = 200;

    /** Copies the collections. */
    public Explanation {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        candidates = List.copyOf(candidates);
        policies = List.copyOf(policies);
        limits = List.copyOf(limits);
    }

    /**
     * A route that was asked. Immutable.
     *
     * @param route its name
     * @param matches whether all of its predicates hold
     * @param failed the first predicate that does not, for example {@code header x-tenant: acme (expected: exactly blue)};
     *     empty when it matches
     */
    public record Candidate(String route, boolean matches, String failed) {}

    /**
     * The policy of one type that wins. Immutable.
     *
     * @param type as the admin API writes it
     * @param from where it is attached, for example {@code route pets}; {@code default} when none is
     * @param name of the policy; empty for the default
     * @param detail what it says, in words
     */
    public record AppliedPolicy(String type, String from, String name, String detail) {}

    /** What there is to say when the gateway answers by itself. */
    static Explanation ofGateway(long revision, String path, String action) {
        return new Explanation(
                revision,
                ExplainVerdict.GATEWAY,
                path,
                "",
                "",
                Map.of(),
                List.of(),
                action,
                List.of(),
                List.of(),
                "",
                "");
    }

    /** What there is to say when no route was found. */
    static Explanation withoutRoute(long revision, ExplainVerdict verdict, String path, List<Candidate> candidates) {
        return new Explanation(revision, verdict, path, "", "", Map.of(), candidates, "", List.of(), List.of(), "", "");
    }
}
