package io.tollgate.engine.explain;

import io.tollgate.engine.route.HostPattern;
import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.route.PathPattern;
import io.tollgate.engine.route.Precedence;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteRequest;
import io.tollgate.engine.route.ValueCondition;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one route says to one request: its predicates one after the other, up to the first that fails. Immutable.
 *
 * <p>The method is asked last, since a request that only it keeps from a route is told so (405).
 *
 * @param route that was asked
 * @param stage how far it went
 * @param host the most specific of its hosts that match; of all when none does
 * @param path the same of its paths
 * @param failed the predicate that failed, in words; empty when none did
 */
record Judgement(Route route, Stage stage, HostPattern host, PathPattern path, String failed) {
    /** Those that match, then those that fail late, each in the order of precedence. */
    static final Comparator<Judgement> LATE_FIRST = Comparator.<Judgement, Stage>comparing(
                    Judgement::stage, Comparator.reverseOrder())
            .thenComparing(Judgement::host, Precedence.HOSTS)
            .thenComparing(Judgement::path, Precedence.PATHS)
            .thenComparing(Judgement::route, Route.TIES);

    /** Longest value of a request, and most patterns of a route, that a sentence tells. */
    private static final int VALUE_LENGTH_MAX = 200;

    private static final int EXPECTED_MAX = 5;

    /** Which predicate failed. In the order in which they are asked. */
    enum Stage {
        HOST,
        PATH,
        HEADER,
        QUERY,
        METHOD,
        MATCHES
    }

    static Judgement of(Route route, RouteRequest request) {
        HostPattern host = best(route.hosts(), Precedence.HOSTS, one -> one.matches(request.host()));
        PathPattern path = best(route.paths(), Precedence.PATHS, one -> one.matches(request.path()));
        if (!host.matches(request.host())) {
            String asked = request.host().isEmpty() ? "no host" : "host " + shortened(request.host());
            return new Judgement(route, Stage.HOST, host, path, failed(asked, anyOf(route.hosts())));
        }
        if (!path.matches(request.path())) {
            String asked = "path " + shortened(request.path());
            return new Judgement(route, Stage.PATH, host, path, failed(asked, anyOf(route.paths())));
        }
        for (ValueCondition header : route.conditions().headers()) {
            String value = request.header(header.name());
            if (!header.test().passes(value)) {
                return new Judgement(route, Stage.HEADER, host, path, failed("header ", header, value));
            }
        }
        for (ValueCondition parameter : route.conditions().queryParameters()) {
            String value = request.queryParameter(parameter.name());
            if (!parameter.test().passes(value)) {
                return new Judgement(route, Stage.QUERY, host, path, failed("query parameter ", parameter, value));
            }
        }
        if (!route.methods().takes(request.method())) {
            String asked = "method " + request.method();
            return new Judgement(
                    route,
                    Stage.METHOD,
                    host,
                    path,
                    failed(asked, anyOf(route.methods().listed())));
        }
        return new Judgement(route, Stage.MATCHES, host, path, "");
    }

    private static <T> T best(List<T> patterns, Comparator<T> order, Predicate<T> matches) {
        Comparator<T> matchingFirst = Comparator.<T, Boolean>comparing(one -> !matches.test(one));
        T best = patterns.get(0);
        for (T one : patterns) {
            if (matchingFirst.thenComparing(order).compare(one, best) < 0) {
                best = one;
            }
        }
        return best;
    }

    private static String failed(String kind, ValueCondition condition, @Nullable String value) {
        String asked = value == null
                ? "no " + kind + condition.name()
                : kind + condition.name() + ": " + shortened(OctetText.toText(value));
        return failed(asked, condition.test().toString());
    }

    private static String failed(String asked, String expected) {
        return asked + " (expected: " + expected + ")";
    }

    private static String anyOf(List<?> patterns) {
        String some =
                patterns.stream().limit(EXPECTED_MAX).map(Object::toString).collect(Collectors.joining(" or "));
        int more = patterns.size() - EXPECTED_MAX;
        return more > 0 ? some + " or one of " + more + " more" : some;
    }

    private static String shortened(String text) {
        return text.length() <= VALUE_LENGTH_MAX ? text : text.substring(0, VALUE_LENGTH_MAX) + "...";
    }
}
