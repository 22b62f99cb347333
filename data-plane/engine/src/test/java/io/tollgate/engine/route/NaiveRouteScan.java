package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules of precedence as they are told, over every route: what the index is held against. */
final class NaiveRouteScan {
    private final List<Route> routes;

    NaiveRouteScan(List<Route> routes) {
        this.routes = routes;
    }

    record Answer(RouteVerdict verdict, String route, String pattern, List<String> allowed) {}

    private record Candidate(Route route, HostPattern host, PathPattern path) {}

    Answer match(RouteRequest request) {
        String host = request.host();
        String path = request.path();
        String method = request.method();
        List<Candidate> candidates = new ArrayList<>();
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            for (HostPattern hostPattern : route.hosts()) {
                for (PathPattern pathPattern : route.paths()) {
                    if (!route.enabled()
                            || !hostPattern.matches(host)
                            || !matches(pathPattern, path)
                            || !holds(route, request)) {
                        continue;
                    }
                    if (route.methods().takes(method)) {
                        candidates.add(new Candidate(route, hostPattern, pathPattern));
                    } else {
                        allowed.addAll(route.methods().listed());
                    }
                }
            }
        }
        Comparator<Candidate> order = Comparator.<Candidate>comparingInt(one -> -hostWeight(one.host()))
                .thenComparing(Candidate::path, NaiveRouteScan::comparePaths)
                .thenComparingInt(one -> one.route().methods().isAny() ? 1 : 0)
                .thenComparingInt(one -> -one.route().conditions().headers().size())
                .thenComparingInt(
                        one -> -one.route().conditions().queryParameters().size())
                .thenComparingLong(one -> one.route().createdAtMillis())
                .thenComparing(one -> one.route().name())
                .thenComparing(one -> one.route().id())
                .thenComparing(one -> one.path().text());
        return candidates.stream()
                .min(order)
                .map(best -> new Answer(
                        RouteVerdict.FOUND, best.route().id(), best.path().text(), List.of()))
                .orElseGet(() -> new Answer(
                        allowed.isEmpty() ? RouteVerdict.NOT_FOUND : RouteVerdict.METHOD_NOT_ALLOWED,
                        "",
                        "",
                        List.copyOf(allowed)));
    }

    private static boolean holds(Route route, RouteRequest request) {
        boolean holds = true;
        for (ValueCondition condition : route.conditions().headers()) {
            holds &= passes(condition.test(), request.header(condition.name()));
        }
        for (ValueCondition condition : route.conditions().queryParameters()) {
            holds &= passes(condition.test(), request.queryParameter(condition.name()));
        }
        return holds;
    }

    private static boolean passes(ValueTest test, @Nullable String value) {
        if (value == null) {
            return false;
        }
        if (test instanceof ValueTest.Exact exact) {
            return exact.octets().equals(value);
        }
        return !(test instanceof ValueTest.Matching matching)
                || java.util.regex.Pattern.matches(matching.regex().text(), value);
    }

    private static int hostWeight(HostPattern host) {
        if (host instanceof HostPattern.Exact) {
            return Integer.MAX_VALUE;
        }
        return host instanceof HostPattern.Wildcard wildcard ? wildcard.suffix().length() : 0;
    }

    private static int comparePaths(PathPattern one, PathPattern other) {
        int byKind = Integer.compare(kind(one), kind(other));
        if (byKind != 0) {
            return byKind;
        }
        if (one instanceof PathPattern.Prefix) {
            return Integer.compare(other.text().length(), one.text().length());
        }
        if (one instanceof PathPattern.Regex regex) {
            return Integer.compare(((PathPattern.Regex) other).literalLength(), regex.literalLength());
        }
        if (one instanceof PathPattern.Template template) {
            for (int i = 0; i < template.segments().size(); i++) {
                boolean parameter = template.segments().get(i).isParameter();
                boolean otherParameter =
                        ((PathPattern.Template) other).segments().get(i).isParameter();
                if (parameter != otherParameter) {
                    return parameter ? 1 : -1;
                }
            }
        }
        return 0;
    }

    private static int kind(PathPattern pattern) {
        if (pattern instanceof PathPattern.Exact) {
            return 0;
        }
        if (pattern instanceof PathPattern.Template) {
            return 1;
        }
        return pattern instanceof PathPattern.Regex ? 2 : 3;
    }

    private static boolean matches(PathPattern pattern, String path) {
        if (pattern instanceof PathPattern.Exact exact) {
            return exact.text().equals(path);
        }
        if (pattern instanceof PathPattern.Prefix prefix) {
            return prefix.text().equals("/") || path.equals(prefix.text()) || path.startsWith(prefix.text() + "/");
        }
        if (pattern instanceof PathPattern.Regex regex) {
            return java.util.regex.Pattern.matches(regex.text().replace("(?P<", "(?<"), path);
        }
        String[] parts = path.substring(1).split("/", -1);
        List<PathPattern.Segment> segments = ((PathPattern.Template) pattern).segments();
        if (parts.length != segments.size()) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            PathPattern.Segment segment = segments.get(i);
            if (segment.isParameter() ? parts[i].isEmpty() : !parts[i].equals(segment.text())) {
                return false;
            }
        }
        return true;
    }
}
