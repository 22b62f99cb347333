package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The rules of precedence as they are told, over every route: what the index is held against. */
final class NaiveRouteScan {
    private final List<Route> routes;

    NaiveRouteScan(List<Route> routes) {
        this.routes = routes;
    }

    record Answer(RouteVerdict verdict, String route, String pattern, List<String> allowed) {}

    private record Candidate(Route route, HostPattern host, PathPattern path) {}

    Answer match(String host, String path, String method) {
        List<Candidate> candidates = new ArrayList<>();
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            for (HostPattern hostPattern : route.hosts()) {
                for (PathPattern pathPattern : route.paths()) {
                    if (!route.enabled() || !hostPattern.matches(host) || !matches(pathPattern, path)) {
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
                .thenComparing(Candidate::route, Route.TIES);
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
        return pattern instanceof PathPattern.Template ? 1 : 2;
    }

    private static boolean matches(PathPattern pattern, String path) {
        if (pattern instanceof PathPattern.Exact exact) {
            return exact.text().equals(path);
        }
        if (pattern instanceof PathPattern.Prefix prefix) {
            return prefix.text().equals("/") || path.equals(prefix.text()) || path.startsWith(prefix.text() + "/");
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
