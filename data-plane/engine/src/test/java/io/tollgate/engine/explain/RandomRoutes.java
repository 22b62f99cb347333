package io.tollgate.engine.explain;

import io.tollgate.engine.compile.CompileResult;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.ConfigurationCompiler;
import io.tollgate.engine.compile.WireConfiguration;
import io.tollgate.engine.fixture.Wires;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.ValueMatch;
import io.tollgate.proto.config.v1.ValueMatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random routes that often want the same requests, and all requests that tell them apart. Confined to one test. */
final class RandomRoutes {
    private static final List<String> HOSTS = List.of("", "a.com", "b.a.com");
    private static final List<String> PATHS =
            List.of("/", "/a", "/a/", "/a/b", "/a/b/", "/a/c", "/a/b/c", "/b", "/b/c", "/ab", "/a//b");
    private static final List<String> METHODS = List.of("GET", "PUT", "POST");
    private static final List<String> VALUES = List.of("", "1", "2");

    private final Random random;

    RandomRoutes(Random random) {
        this.random = random;
    }

    static CompiledConfiguration compile(List<Change> changes) {
        WireConfiguration wire = new WireConfiguration();
        wire.apply(changes);
        CompileResult result = new ConfigurationCompiler(new CounterTable(), new TargetTable()).compile(wire, 7, null);
        if (result instanceof CompileResult.Compiled compiled) {
            return compiled.configuration();
        }
        throw new AssertionError(result);
    }

    CompiledConfiguration configuration(int count) {
        List<Change> changes = new ArrayList<>();
        changes.add(Wires.gateway());
        changes.add(Wires.put(Wires.service("s")));
        for (int i = 0; i < count; i++) {
            changes.add(Wires.put(route("r" + i)));
        }
        return compile(changes);
    }

    /** Requests of all hosts, paths, methods, and values of the header x and the parameter q; "" stands for none. */
    List<ExplainQuestion> questions() {
        List<ExplainQuestion> all = new ArrayList<>();
        for (String host : HOSTS) {
            for (String path : PATHS) {
                for (String method : METHODS) {
                    for (String header : VALUES) {
                        for (String parameter : VALUES) {
                            all.add(question(host, path, method, header, parameter));
                        }
                    }
                }
            }
        }
        return all;
    }

    private static ExplainQuestion question(String host, String path, String method, String header, String parameter) {
        List<ExplainQuestion.Header> headers =
                header.isEmpty() ? List.of() : List.of(new ExplainQuestion.Header("X", header));
        return new ExplainQuestion(
                method,
                host,
                parameter.isEmpty() ? path : path + "?q=" + parameter,
                headers,
                ExplainQuestion.Caller.ANONYMOUS,
                5_000);
    }

    private Route.Builder route(String name) {
        Route.Builder route =
                Wires.route(name, "s").setEnabled(random.nextInt(12) > 0).setCreatedAtMillis(random.nextInt(3));
        for (int i = 0; i < random.nextInt(2); i++) {
            route.addHosts(pick("a.com", "*.a.com", "b.a.com"));
        }
        for (int i = 0; i <= random.nextInt(2); i++) {
            route.addPaths(path());
        }
        for (int i = 0; i < random.nextInt(3); i++) {
            route.addMethods(pick("GET", "PUT"));
        }
        if (random.nextInt(3) == 0) {
            route.addHeaders(match("x"));
        }
        if (random.nextInt(3) == 0) {
            route.addQueryParameters(match("q"));
        }
        return route;
    }

    private PathMatch path() {
        return switch (random.nextInt(4)) {
            case 0 -> Wires.exact(pick("/a", "/a/b", "/a/b/c"));
            case 1 -> Wires.prefix(pick("/", "/a", "/a/b"));
            case 2 -> Wires.template(pick("/{x}", "/a/{x}", "/{x}/b", "/a/{y}"));
            default ->
                PathMatch.newBuilder()
                        .setKind(PathMatchKind.PATH_MATCH_KIND_REGEX)
                        .setValue(pick("/.*", "/a/.*", "/a/b?c?", "/a|/b"))
                        .build();
        };
    }

    private ValueMatch match(String name) {
        ValueMatch.Builder match = ValueMatch.newBuilder().setName(name);
        return switch (random.nextInt(3)) {
            case 0 -> match.setType(ValueMatchType.VALUE_MATCH_TYPE_PRESENT).build();
            case 1 ->
                match.setType(ValueMatchType.VALUE_MATCH_TYPE_REGEX)
                        .setValue(pick("1|2", "2"))
                        .build();
            default ->
                match.setType(ValueMatchType.VALUE_MATCH_TYPE_EXACT)
                        .setValue(pick("1", "2"))
                        .build();
        };
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }
}
