package io.tollgate.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.action.ForwardRules;
import io.tollgate.engine.action.PathRewrite;
import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.fixture.Asked;
import io.tollgate.engine.fixture.Facts;
import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.fixture.Services;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.template.TemplateEscape;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteIndexTest {
    private static final RouteAction ACTION =
            new RouteAction.Forward(Services.named("s", "service"), ForwardRules.NONE);

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
        assertThat(index.match(Asked.of("", "/pets", "DELETE"), match)).isEqualTo(RouteVerdict.METHOD_NOT_ALLOWED);
        assertThat(match.allowedMethods()).containsExactly("GET", "HEAD", "POST");
        assertThat(index.match(Asked.of("", "/none", "DELETE"), match)).isEqualTo(RouteVerdict.NOT_FOUND);
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
                        RouteConditions.NONE,
                        ACTION,
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
        PathRewrite rewrite = new PathRewrite.ReplaceFull(Template.of("/v2/{id}/x", TemplateEscape.PATH));
        assertThat(rewritten(template("/o/{a}/{id}"), rewrite, "/o/1/22")).isEqualTo("/v2/22/x");
    }

    @Test
    void match_regexPath_standsBetweenTemplateAndPrefix() {
        add("prefix", prefix("/a/b/c"));
        add("short", regex("/a/.*"));
        add("long", regex("/a/b/(?P<rest>.*)"));
        add("template", template("/a/b/c/{x}"));
        assertThat(find("/a/b/c/d")).isEqualTo("template");
        assertThat(find("/a/b/c")).isEqualTo("long");
        assertThat(match.parameterName(0) + "=" + match.parameterValue(0)).isEqualTo("rest=c");
        assertThat(find("/a/x")).isEqualTo("short");
        assertThat(find("/a")).isEmpty();
    }

    @Test
    void match_regexGroupWithoutPart_isEmptyParameter() {
        add("r", regex("/a(/(?P<x>b))?(?P<y>/c)?"));
        assertThat(find("/a/c")).isEqualTo("r");
        assertThat(match.parameterValue(0)).isEmpty();
        assertThat(match.parameterValue(1)).isEqualTo("/c");
    }

    @Test
    void match_ties_methodThenHeadersThenParametersThenAge() {
        MethodSet get = MethodSet.of(List.of("GET"));
        add("oldest", MethodSet.ANY, RouteConditions.NONE, exact("/"));
        add("younger", MethodSet.ANY, RouteConditions.NONE, exact("/"));
        Asked all = new Asked("", "/", "GET", Map.of("a", "1", "b", "1"), Map.of("q", "1", "r", "1", "s", "1"));
        assertThat(find(all)).isEqualTo("oldest");
        add("parameters", MethodSet.ANY, parameters("q", "1", "r", "1", "s", "1"), exact("/"));
        assertThat(find(all)).isEqualTo("parameters");
        add("header", MethodSet.ANY, headers("a", "1"), exact("/"));
        assertThat(find(all)).isEqualTo("header");
        add("headers", MethodSet.ANY, headers("a", "1", "b", "1"), exact("/"));
        assertThat(find(all)).isEqualTo("headers");
        add("method", get, RouteConditions.NONE, exact("/"));
        assertThat(find(all)).isEqualTo("method");
        add("method and parameter", get, parameters("q", "1"), exact("/"));
        assertThat(find(all)).isEqualTo("method and parameter");
        add("host", List.of(new HostPattern.Exact("h")), MethodSet.ANY, prefix("/"));
        assertThat(find(new Asked("h", "/", "GET", all.headers(), all.query()))).isEqualTo("host");
    }

    @Test
    void match_conditionOfMoreSpecificFails_fallsBackToLessSpecific() {
        add("any", prefix("/"));
        add("one", List.of(new HostPattern.Exact("h")), MethodSet.ANY, headers("x", "1"), exact("/a"));
        assertThat(find(new Asked("h", "/a", "GET", Map.of("x", "1"), Map.of())))
                .isEqualTo("one");
        assertThat(find(new Asked("h", "/a", "GET", Map.of("x", "2"), Map.of())))
                .isEqualTo("any");
        assertThat(find(Asked.of("h", "/a", "GET"))).isEqualTo("any");
    }

    @Test
    void match_methodMissingWhereConditionsFail_isNotFound() {
        add("r", MethodSet.of(List.of("GET")), headers("x", "1"), exact("/a"));
        RouteIndex index = RouteIndex.of(routes);
        assertThat(index.match(Asked.of("", "/a", "PUT"), match)).isEqualTo(RouteVerdict.NOT_FOUND);
        assertThat(index.match(new Asked("", "/a", "PUT", Map.of("x", "1"), Map.of()), match))
                .isEqualTo(RouteVerdict.METHOD_NOT_ALLOWED);
        assertThat(match.allowedMethods()).containsExactly("GET");
    }

    @Test
    void match_manyTenantsOnOnePath_asksOnlyThoseThatWantTheValue() {
        for (int i = 0; i < 1000; i++) {
            add("t" + i, MethodSet.ANY, headers("tenant", "t" + i), prefix("/"));
        }
        add("rest", prefix("/"));
        int[] asked = {0};
        RouteRequest request = new RouteRequest() {
            @Override
            public String host() {
                return "";
            }

            @Override
            public String path() {
                return "/x";
            }

            @Override
            public String method() {
                return "GET";
            }

            @Override
            public String header(String lowerCaseName) {
                asked[0]++;
                return "t777";
            }

            @Override
            public String queryParameter(String name) {
                throw new AssertionError("no route has a condition on " + name);
            }
        };
        assertThat(RouteIndex.of(routes).match(request, match)).isEqualTo(RouteVerdict.FOUND);
        assertThat(match.route().name()).isEqualTo("t777");
        assertThat(asked[0]).isEqualTo(2);
    }

    @Test
    void print_conditions_showsThem() {
        add("c", MethodSet.ANY, headers("x", "1"), regex("/a.*"));
        assertThat(RouteIndex.of(routes).print()).isEqualTo("*\n  ~/a.* * if header x exactly 1 -> c (service)\n");
    }

    @Test
    void print_everyKind_showsHostsPatternsAndRoutes() {
        add("b", List.of(new HostPattern.Exact("api.example.com")), MethodSet.of(List.of("GET")), exact("/x"));
        add("a", prefix("/"));
        assertThat(RouteIndex.of(routes).print())
                .isEqualTo("api.example.com\n  /x GET -> b (service)\n*\n  /** * -> a (service)\n");
    }

    @Test
    void with_changedAgainAndAgain_isTheIndexThatIsMadeAtOnce() {
        Random random = Seed.random(RouteIndexTest.class);
        for (int history = 0; history < 50; history++) {
            routes.clear();
            RouteIndex index = RouteIndex.of(routes);
            for (int step = 0; step < 40; step++) {
                for (int change = random.nextInt(4); change >= 0; change--) {
                    changeRandom(random);
                }
                index = index.with(routes);
                assertThat(index.print()).isEqualTo(RouteIndex.of(routes).print());
                NaiveRouteScan scan = new NaiveRouteScan(routes);
                Asked asked = new Asked(
                        randomHost(random),
                        randomPath(random),
                        randomMethod(random),
                        randomValues(random),
                        randomValues(random));
                assertThat(index.match(asked, match))
                        .isEqualTo(scan.match(asked).verdict());
            }
        }
    }

    /** A route comes, goes (the last one takes its place) or is another one. */
    private void changeRandom(Random random) {
        if (routes.isEmpty() || random.nextInt(3) == 0) {
            addRandom(random);
            return;
        }
        int ordinal = random.nextInt(routes.size());
        if (random.nextBoolean()) {
            routes.set(ordinal, randomRoute(random, ordinal));
            return;
        }
        Route last = routes.remove(routes.size() - 1);
        if (ordinal < routes.size()) {
            routes.set(ordinal, moved(last, ordinal));
        }
    }

    private static Route moved(Route route, int ordinal) {
        return new Route(
                ordinal,
                route.id(),
                route.name(),
                route.enabled(),
                route.hosts(),
                route.paths(),
                route.methods(),
                route.conditions(),
                route.action(),
                route.createdAtMillis(),
                route.idHigh(),
                route.idLow());
    }

    @Test
    void match_randomRoutes_agreesWithNaiveScan() {
        Random random = Seed.random(RouteIndexTest.class);
        int found = 0;
        int refused = 0;
        for (int round = 0; round < 200; round++) {
            routes.clear();
            int count = 1 + random.nextInt(90);
            for (int i = 0; i < count; i++) {
                addRandom(random);
            }
            RouteIndex index = RouteIndex.of(routes);
            NaiveRouteScan scan = new NaiveRouteScan(routes);
            for (int i = 0; i < 300; i++) {
                String path = randomPath(random);
                Asked asked = new Asked(
                        randomHost(random), path, randomMethod(random), randomValues(random), randomValues(random));
                NaiveRouteScan.Answer expected = scan.match(asked);
                RouteVerdict verdict = index.match(asked, match);
                boolean is = verdict == RouteVerdict.FOUND;
                found += is ? 1 : 0;
                refused += verdict == RouteVerdict.METHOD_NOT_ALLOWED ? 1 : 0;
                assertThat(new NaiveRouteScan.Answer(
                                verdict,
                                is ? match.route().id() : "",
                                is ? match.pathPattern().text() : "",
                                match.allowedMethods()))
                        .as("%s in%n%s", asked, index.print())
                        .isEqualTo(expected);
                if (is) {
                    assertParametersRebuildThePath(path);
                }
            }
        }
        assertThat(found).as("matches that were compared").isGreaterThan(10_000);
        assertThat(refused).as("methods that were compared").isGreaterThan(500);
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
        Asked prefix = Asked.of("a.h3.example.com", "/p3/7/toys", "GET");
        Asked template = Asked.of("a.h3.example.com", "/t77/7/x", "GET");
        for (int i = 0; i < rounds; i++) {
            index.match(prefix, match);
            index.match(template, match);
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
        routes.add(randomRoute(random, routes.size()));
    }

    private static Route randomRoute(Random random, int ordinal) {
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
        String name = pick(random, "m", "n") + random.nextInt(3);
        return new Route(
                ordinal,
                "id" + ordinal,
                name,
                random.nextInt(10) > 0,
                hosts,
                // A route that says the same twice would be found under either text.
                paths.stream().distinct().filter(distinctShapes()).toList(),
                MethodSet.of(methods),
                random.nextInt(3) > 0
                        ? RouteConditions.NONE
                        : new RouteConditions(randomConditions(random), randomConditions(random)),
                ACTION,
                random.nextInt(3),
                // No two routes have one id, so that no two are alike in all that decides between them.
                0,
                random.nextLong());
    }

    private static java.util.function.Predicate<PathPattern> distinctShapes() {
        java.util.Set<String> shapes = new java.util.HashSet<>();
        return pattern ->
                shapes.add(pattern.getClass().getSimpleName() + pattern.text().replaceAll("\\{[a-z]\\d*}", "{}"));
    }

    private static PathPattern randomPattern(Random random) {
        StringBuilder text = new StringBuilder();
        int kind = random.nextInt(4);
        if (kind == 3) {
            return regex(pick(
                    random,
                    "/a/.*",
                    "/a/b?/(?P<x>[^/]+)",
                    "/(?P<first>[^/]*)(?P<rest>/.*)?",
                    "/a|/b",
                    "/ab/[a-b]+/?",
                    "/ab*",
                    "/[ab]/(?P<q>c)?",
                    "/a/+b.*"));
        }
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

    private static List<ValueCondition> randomConditions(Random random) {
        List<ValueCondition> conditions = new ArrayList<>();
        for (String name : List.of("x", "y", "z")) {
            if (random.nextInt(3) == 0) {
                conditions.add(new ValueCondition(
                        name,
                        switch (random.nextInt(4)) {
                            case 0 -> ValueTest.PRESENT;
                            case 1 -> new ValueTest.Matching(WholeRegex.of(pick(random, "1|2", ".*", "[0-9]+", "3?")));
                            default -> new ValueTest.Exact(pick(random, "1", "2", "3", ""));
                        }));
            }
        }
        return conditions;
    }

    private static Map<String, String> randomValues(Random random) {
        Map<String, String> values = new HashMap<>();
        for (String name : List.of("x", "y", "z")) {
            if (random.nextBoolean()) {
                values.put(name, pick(random, "1", "2", "3", "", "12"));
            }
        }
        return values;
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

    private @Nullable String rewritten(PathPattern pattern, PathRewrite rewrite, String path) {
        routes.clear();
        add("r", pattern);
        assertThat(find(path)).isEqualTo("r");
        Facts facts = new Facts();
        for (int i = 0; i < match.parameterCount(); i++) {
            facts.parameter(match.parameterName(i), match.parameterValue(i));
        }
        return rewrite.rewrite(path, match.matchedPrefixLength(), facts);
    }

    private void add(String name, PathPattern... paths) {
        add(name, List.of(HostPattern.ANY), MethodSet.ANY, paths);
    }

    private void add(String name, List<HostPattern> hosts, MethodSet methods, PathPattern... paths) {
        add(name, hosts, methods, RouteConditions.NONE, paths);
    }

    private void add(String name, MethodSet methods, RouteConditions conditions, PathPattern... paths) {
        add(name, List.of(HostPattern.ANY), methods, conditions, paths);
    }

    private void add(
            String name, List<HostPattern> hosts, MethodSet methods, RouteConditions conditions, PathPattern... paths) {
        int ordinal = routes.size();
        routes.add(new Route(
                ordinal, name, name, true, hosts, List.of(paths), methods, conditions, ACTION, ordinal, 0, 0));
    }

    private String find(String path) {
        return find("", path, "GET");
    }

    private String find(String host, String path, String method) {
        return find(Asked.of(host, path, method));
    }

    private String find(Asked asked) {
        return RouteIndex.of(routes).match(asked, match) == RouteVerdict.FOUND
                ? match.route().name()
                : "";
    }

    private static PathPattern exact(String text) {
        return new PathPattern.Exact(text);
    }

    private static PathPattern prefix(String text) {
        return new PathPattern.Prefix(text);
    }

    private static PathPattern regex(String text) {
        return new PathPattern.Regex(WholeRegex.of(text));
    }

    private static RouteConditions headers(String... namesAndValues) {
        return new RouteConditions(exactly(namesAndValues), List.of());
    }

    private static RouteConditions parameters(String... namesAndValues) {
        return new RouteConditions(List.of(), exactly(namesAndValues));
    }

    private static List<ValueCondition> exactly(String... namesAndValues) {
        List<ValueCondition> conditions = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            conditions.add(new ValueCondition(namesAndValues[i], new ValueTest.Exact(namesAndValues[i + 1])));
        }
        return conditions;
    }

    private static PathPattern template(String text) {
        return PathPattern.Template.of(text);
    }
}
