package io.tollgate.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.upstream.RoundRobin;
import io.tollgate.engine.upstream.Upstream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteIndexTest {
    private static final Upstream UPSTREAM = new Upstream(
            "s", "service", true, List.of(), List.of(), RoundRobin.of(List.of(), List.of()), 1, 1, 1, false, "");

    private final List<Route> routes = new ArrayList<>();
    private final RouteMatch match = new RouteMatch();

    @Test
    void match_exactTemplatePrefix_inThatOrder() {
        add("prefix", prefix("/pets"));
        add("template", template("/pets/{id}"));
        add("exact", exact("/pets/7"));
        assertThat(find("/pets/7")).isEqualTo("exact");
        assertThat(find("/pets/8")).isEqualTo("template");
        assertThat(match.parameterName(0) + "=" + match.parameterValue(0)).isEqualTo("id=8");
        assertThat(find("/pets/8/toys")).isEqualTo("prefix");
        assertThat(find("/pets/")).isEqualTo("prefix");
        assertThat(find("/petshop")).isEmpty();
    }

    @Test
    void match_templates_literalBeforeParameterWithStepBack() {
        add("late", template("/a/{x}/c"));
        add("early", template("/{x}/b/c"));
        add("literal", template("/a/b/d"));
        assertThat(find("/a/b/c")).isEqualTo("late");
        assertThat(find("/z/b/c")).isEqualTo("early");
        assertThat(find("/a/b/d")).isEqualTo("literal");
        assertThat(find("/a//c")).isEmpty();
        assertThat(find("/a/b/c/")).isEmpty();
    }

    @Test
    void match_hosts_fallBackToLessSpecific() {
        add("any", List.of(HostPattern.ANY), MethodSet.ANY, prefix("/"));
        add("wild", List.of(new HostPattern.Wildcard(".example.com")), MethodSet.ANY, prefix("/w"));
        add("longer", List.of(new HostPattern.Wildcard(".eu.example.com")), MethodSet.ANY, prefix("/w/l"));
        add("one", List.of(new HostPattern.Exact("api.eu.example.com")), MethodSet.ANY, exact("/only"));
        assertThat(find("api.eu.example.com", "/only", "GET")).isEqualTo("one");
        assertThat(find("api.eu.example.com", "/w/l/x", "GET")).isEqualTo("longer");
        assertThat(find("api.eu.example.com", "/w", "GET")).isEqualTo("wild");
        assertThat(find("example.com", "/w", "GET")).isEqualTo("any");
        assertThat(find("", "/only", "GET")).isEqualTo("any");
    }

    @Test
    void match_methodMissing_tellsAllThatAre() {
        add("read", List.of(HostPattern.ANY), MethodSet.of(List.of("GET", "HEAD")), exact("/pets"));
        add("write", List.of(HostPattern.ANY), MethodSet.of(List.of("POST")), prefix("/pets"));
        RouteIndex index = RouteIndex.of(routes);
        assertThat(index.match("", "/pets", "DELETE", match)).isEqualTo(RouteVerdict.METHOD_NOT_ALLOWED);
        assertThat(match.allowedMethods()).containsExactly("GET", "HEAD", "POST");
        assertThat(index.match("", "/none", "DELETE", match)).isEqualTo(RouteVerdict.NOT_FOUND);
        assertThat(match.allowedMethods()).isEmpty();
        assertThat(find("", "/pets", "POST")).isEqualTo("write");
    }

    @Test
    void match_disabledRoute_isNotThere() {
        add("on", prefix("/"));
        Route off = routes.get(0);
        routes.set(
                0,
                new Route(
                        0,
                        "off",
                        "off",
                        false,
                        off.hosts(),
                        off.paths(),
                        off.methods(),
                        UPSTREAM,
                        PathRewrite.NONE,
                        1,
                        0,
                        0));
        assertThat(find("/")).isEmpty();
    }

    @Test
    void rewrite_prefix_replacesWhatMatched() {
        assertThat(rewritten(prefix("/pets"), new PathRewrite.ReplacePrefix("/"), "/pets/7"))
                .isEqualTo("/7");
        assertThat(rewritten(prefix("/pets"), new PathRewrite.ReplacePrefix("/"), "/pets"))
                .isEqualTo("/");
        assertThat(rewritten(prefix("/pets"), new PathRewrite.ReplacePrefix("/"), "/pets/"))
                .isEqualTo("/");
        assertThat(rewritten(prefix("/"), new PathRewrite.ReplacePrefix("/v2"), "/a"))
                .isEqualTo("/v2/a");
        assertThat(rewritten(prefix("/"), new PathRewrite.ReplacePrefix("/v2"), "/"))
                .isEqualTo("/v2/");
        assertThat(rewritten(exact("/a/b"), new PathRewrite.ReplacePrefix("/c"), "/a/b"))
                .isEqualTo("/c");
        String same = "/pets/7";
        assertThat(rewritten(prefix("/pets"), new PathRewrite.ReplacePrefix("/pets"), same))
                .isSameAs(same);
    }

    @Test
    void rewrite_full_fillsInParameters() {
        PathRewrite rewrite = new PathRewrite.ReplaceFull(
                "/v2/{id}/x",
                List.of(
                        new PathPattern.Segment("/v2/", false),
                        new PathPattern.Segment("id", true),
                        new PathPattern.Segment("/x", false)));
        assertThat(rewritten(template("/o/{a}/{id}"), rewrite, "/o/1/22")).isEqualTo("/v2/22/x");
    }

    @Test
    void print_everyKind_showsHostsPatternsAndRoutes() {
        add("b", List.of(new HostPattern.Exact("api.example.com")), MethodSet.of(List.of("GET")), exact("/x"));
        add("a", prefix("/"));
        assertThat(RouteIndex.of(routes).print())
                .isEqualTo("api.example.com\n  /x GET -> b (service)\n*\n  /** * -> a (service)\n");
    }

    @Test
    void match_randomRoutes_agreesWithNaiveScan() {
        Random random = Seed.random(RouteIndexTest.class);
        int found = 0;
        for (int round = 0; round < 200; round++) {
            routes.clear();
            int count = 1 + random.nextInt(60);
            for (int i = 0; i < count; i++) {
                addRandom(random);
            }
            RouteIndex index = RouteIndex.of(routes);
            NaiveRouteScan scan = new NaiveRouteScan(routes);
            for (int i = 0; i < 300; i++) {
                String host = randomHost(random);
                String path = randomPath(random);
                String method = randomMethod(random);
                NaiveRouteScan.Answer expected = scan.match(host, path, method);
                RouteVerdict verdict = index.match(host, path, method, match);
                boolean is = verdict == RouteVerdict.FOUND;
                found += is ? 1 : 0;
                assertThat(new NaiveRouteScan.Answer(
                                verdict,
                                is ? match.route().id() : "",
                                is ? match.pathPattern().text() : "",
                                match.allowedMethods()))
                        .as("%s %s%s in%n%s", method, host, path, index.print())
                        .isEqualTo(expected);
                if (is) {
                    assertParametersRebuildThePath(path);
                }
            }
        }
        assertThat(found).as("matches that were compared").isGreaterThan(10_000);
    }

    @Test
    void match_found_allocatesNothing() {
        for (int i = 0; i < 1000; i++) {
            add(
                    "r" + i,
                    List.of(new HostPattern.Wildcard(".h" + i % 7 + ".example.com")),
                    MethodSet.ANY,
                    prefix("/p" + i));
            add("t" + i, template("/t" + i + "/{id}/x"));
        }
        RouteIndex index = RouteIndex.of(routes);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 20_000;
        matchOften(index, rounds);
        long before = threads.getCurrentThreadAllocatedBytes();
        matchOften(index, rounds);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes / (2.0 * rounds)).as("bytes per match").isLessThan(0.5);
    }

    private void matchOften(RouteIndex index, int rounds) {
        for (int i = 0; i < rounds; i++) {
            index.match("a.h3.example.com", "/p3/7/toys", "GET", match);
            index.match("a.h3.example.com", "/t77/7/x", "GET", match);
        }
    }

    private void assertParametersRebuildThePath(String path) {
        String rebuilt = match.pathPattern().text();
        if (!(match.pathPattern() instanceof PathPattern.Template)) {
            return;
        }
        for (int i = 0; i < match.parameterCount(); i++) {
            rebuilt = rebuilt.replace("{" + match.parameterName(i) + "}", match.parameterValue(i));
        }
        assertThat(rebuilt).isEqualTo(path);
    }

    private void addRandom(Random random) {
        List<HostPattern> hosts = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            hosts.add(
                    switch (random.nextInt(4)) {
                        case 0 -> new HostPattern.Exact(pick(random, "a.x.com", "b.x.com", "x.com"));
                        case 1 -> new HostPattern.Wildcard(pick(random, ".x.com", ".com", ".b.x.com"));
                        default -> HostPattern.ANY;
                    });
        }
        List<PathPattern> paths = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            paths.add(randomPattern(random));
        }
        List<String> methods = new ArrayList<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            methods.add(randomMethod(random));
        }
        int ordinal = routes.size();
        String name = pick(random, "m", "n") + random.nextInt(3);
        routes.add(new Route(
                ordinal,
                "id" + ordinal,
                name,
                random.nextInt(10) > 0,
                hosts,
                // A route that says the same twice would be found under either text.
                paths.stream().distinct().filter(distinctShapes()).toList(),
                MethodSet.of(methods),
                UPSTREAM,
                PathRewrite.NONE,
                random.nextInt(3),
                0,
                0));
    }

    private static java.util.function.Predicate<PathPattern> distinctShapes() {
        java.util.Set<String> shapes = new java.util.HashSet<>();
        return pattern ->
                shapes.add(pattern.getClass().getSimpleName() + pattern.text().replaceAll("\\{[a-z]\\d*}", "{}"));
    }

    private static PathPattern randomPattern(Random random) {
        StringBuilder text = new StringBuilder();
        int kind = random.nextInt(3);
        int depth = kind == 2 ? 1 + random.nextInt(4) : random.nextInt(4);
        for (int i = 0; i < depth; i++) {
            boolean parameter = kind == 2 && random.nextBoolean();
            text.append('/').append(parameter ? "{" + pick(random, "p", "q") + i + "}" : pick(random, "a", "b", "ab"));
        }
        if (text.length() == 0) {
            text.append('/');
        } else if (kind == 0 && random.nextInt(4) == 0) {
            text.append('/');
        }
        return switch (kind) {
            case 0 -> exact(text.toString());
            case 1 -> prefix(text.toString());
            default -> template(text.toString());
        };
    }

    private static String randomPath(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < random.nextInt(5); i++) {
            text.append('/').append(pick(random, "a", "b", "ab", "c"));
        }
        return text.length() == 0 || random.nextInt(4) == 0 ? text.append('/').toString() : text.toString();
    }

    private static String randomHost(Random random) {
        return pick(random, "a.x.com", "b.x.com", "x.com", "z.b.x.com", "com", "", "y.com");
    }

    private static String randomMethod(Random random) {
        return pick(random, "GET", "POST", "PUT");
    }

    private static String pick(Random random, String... from) {
        return from[random.nextInt(from.length)];
    }

    private String rewritten(PathPattern pattern, PathRewrite rewrite, String path) {
        routes.clear();
        add("r", pattern);
        assertThat(find(path)).isEqualTo("r");
        return rewrite.rewrite(path, match);
    }

    private void add(String name, PathPattern... paths) {
        add(name, List.of(HostPattern.ANY), MethodSet.ANY, paths);
    }

    private void add(String name, List<HostPattern> hosts, MethodSet methods, PathPattern... paths) {
        int ordinal = routes.size();
        routes.add(new Route(
                ordinal, name, name, true, hosts, List.of(paths), methods, UPSTREAM, PathRewrite.NONE, ordinal, 0, 0));
    }

    private String find(String path) {
        return find("", path, "GET");
    }

    private String find(String host, String path, String method) {
        return RouteIndex.of(routes).match(host, path, method, match) == RouteVerdict.FOUND
                ? match.route().name()
                : "";
    }

    private static PathPattern exact(String text) {
        return new PathPattern.Exact(text);
    }

    private static PathPattern prefix(String text) {
        return new PathPattern.Prefix(text);
    }

    private static PathPattern template(String text) {
        return PathPattern.Template.of(text);
    }
}
