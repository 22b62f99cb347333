package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Identity;
import io.tollgate.engine.route.HostPattern;
import io.tollgate.engine.route.MethodSet;
import io.tollgate.engine.route.PathPattern;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.WholeRegex;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.proto.config.v1.PathMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Routes: checks them and makes {@link Route}s. Compile thread only. */
final class RouteCompiler {
    private static final int HOSTS_MAX = 64;
    private static final int PATHS_MAX = 64;
    private static final int METHODS_MAX = 16;
    private static final Pattern HOST =
            Pattern.compile("(?=.{1,253}$)(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");

    private final ConditionCompiler conditions = new ConditionCompiler();
    private final ActionCompiler actions = new ActionCompiler();

    void check(io.tollgate.proto.config.v1.Route route, ObjectProblems problems) {
        NameText.check(route.getName(), problems);
        if (route.getHostsCount() > HOSTS_MAX) {
            problems.add("/hosts", route.getHostsCount() + " hosts", "at most " + HOSTS_MAX);
        }
        for (int i = 0; i < route.getHostsCount(); i++) {
            if (!HOST.matcher(route.getHosts(i)).matches()) {
                problems.add("/hosts/" + i, route.getHosts(i), "api.example.com or *.example.com, in lower case");
            }
        }
        if (route.getPathsCount() == 0 || route.getPathsCount() > PATHS_MAX) {
            problems.add("/paths", route.getPathsCount() + " paths", "1 to " + PATHS_MAX);
        }
        for (int i = 0; i < route.getPathsCount(); i++) {
            checkPath(route.getPaths(i), "/paths/" + i, problems);
        }
        if (route.getMethodsCount() > METHODS_MAX) {
            problems.add("/methods", route.getMethodsCount() + " methods", "at most " + METHODS_MAX);
        }
        for (int i = 0; i < route.getMethodsCount(); i++) {
            if (!METHOD.matcher(route.getMethods(i)).matches()) {
                problems.add("/methods/" + i, route.getMethods(i), "a method in upper case");
            }
        }
        conditions.check(route, problems);
        actions.check(route, problems);
    }

    private static void checkPath(PathMatch path, String at, ObjectProblems problems) {
        String value = path.getValue();
        String wrong;
        switch (path.getKind()) {
            case PATH_MATCH_KIND_EXACT -> wrong = PathText.wrong(value);
            case PATH_MATCH_KIND_PREFIX -> wrong = PathText.wrongPrefix(value);
            case PATH_MATCH_KIND_TEMPLATE -> wrong = PathText.wrongTemplate(value, PathPattern.PARAMETERS_MAX);
            case PATH_MATCH_KIND_REGEX -> wrong = RegexText.wrongPath(value);
            default -> {
                problems.add(at + "/type", path.getKindValue(), "exact, prefix, template or regex");
                return;
            }
        }
        if (wrong != null) {
            problems.add(at + "/value", value, wrong);
        }
    }

    Route compile(io.tollgate.proto.config.v1.Route route, int ordinal, Function<String, Upstream> services) {
        List<HostPattern> hosts = new ArrayList<>(Math.max(1, route.getHostsCount()));
        for (String host : route.getHostsList()) {
            hosts.add(
                    host.startsWith("*.") ? new HostPattern.Wildcard(host.substring(1)) : new HostPattern.Exact(host));
        }
        if (hosts.isEmpty()) {
            hosts.add(HostPattern.ANY);
        }
        List<PathPattern> paths = new ArrayList<>(route.getPathsCount());
        for (PathMatch path : route.getPathsList()) {
            paths.add(
                    switch (path.getKind()) {
                        case PATH_MATCH_KIND_EXACT -> new PathPattern.Exact(path.getValue());
                        case PATH_MATCH_KIND_PREFIX -> new PathPattern.Prefix(path.getValue());
                        case PATH_MATCH_KIND_REGEX -> new PathPattern.Regex(WholeRegex.of(path.getValue()));
                        default -> PathPattern.Template.of(path.getValue());
                    });
        }
        Identity identity = Identity.of(route.getId(), route.getName());
        return new Route(
                ordinal,
                identity.id(),
                identity.name(),
                route.getEnabled(),
                hosts,
                paths,
                MethodSet.of(route.getMethodsList()),
                conditions.compile(route),
                actions.compile(route, services),
                route.getCreatedAtMillis(),
                identity.idHigh(),
                identity.idLow());
    }
}
