package io.tollgate.engine.explain;

import static io.tollgate.engine.fixture.Wires.exact;
import static io.tollgate.engine.fixture.Wires.gateway;
import static io.tollgate.engine.fixture.Wires.id;
import static io.tollgate.engine.fixture.Wires.prefix;
import static io.tollgate.engine.fixture.Wires.put;
import static io.tollgate.engine.fixture.Wires.service;
import static io.tollgate.engine.fixture.Wires.template;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.fixture.Wires;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.ValueMatch;
import io.tollgate.proto.config.v1.ValueMatchType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShadowedRoutesTest {
    private final List<Change> changes = new ArrayList<>(List.of(gateway(), put(service("s"))));
    private long createdAtMillis;

    @Test
    void of_samePathYounger_isShadowed() {
        add(route("first").addPaths(prefix("/pets")));
        add(route("second").addPaths(prefix("/pets")));
        assertThat(of("second"))
                .containsExactly("Route second never gets a request: route first takes them all first.");
        assertThat(of("first")).containsExactly("Route second never gets a request: route first takes them all first.");
    }

    @Test
    void of_longerPrefix_isNotShadowed() {
        add(route("first").addPaths(prefix("/")));
        add(route("second").addPaths(prefix("/pets")));
        assertThat(of("second")).isEmpty();
        assertThat(of("first")).isEmpty();
    }

    @Test
    void of_templatesOfOneShape_areTheSamePath() {
        add(route("first").addPaths(template("/pets/{id}")));
        add(route("second").addPaths(template("/pets/{name}")));
        add(route("third").addPaths(template("/{kind}/{name}")));
        assertThat(of("second")).hasSize(1);
        assertThat(of("third")).isEmpty();
    }

    @Test
    void of_moreMethods_areShadowedOnlyWhenAllAreTaken() {
        add(route("read").addPaths(exact("/a")).addMethods("GET"));
        add(route("both").addPaths(exact("/a")).addMethods("GET").addMethods("PUT"));
        assertThat(of("both")).isEmpty();
        add(route("any").addPaths(exact("/a")));
        add(route("late").addPaths(exact("/a")).addMethods("PUT"));
        assertThat(of("late")).containsExactly("Route late never gets a request: route both takes them all first.");
        assertThat(of("any")).isEmpty();
    }

    @Test
    void of_severalRoutesTogether_shadow() {
        add(route("read").addPaths(exact("/a")).addMethods("GET"));
        add(route("write").addPaths(exact("/a")).addMethods("PUT"));
        add(route("both").addPaths(exact("/a")).addMethods("GET").addMethods("PUT"));
        assertThat(of("both"))
                .containsExactly("Route both never gets a request: routes read, write take them all first.");
        assertThat(of("read")).isEmpty();
    }

    @Test
    void of_hosts_onlyTheSameHostTakesAll() {
        add(route("any").addPaths(prefix("/")));
        add(route("wild").addPaths(prefix("/")).addHosts("*.a.com"));
        add(route("one").addPaths(prefix("/")).addHosts("x.a.com"));
        assertThat(of("one")).isEmpty();
        add(route("more").addPaths(prefix("/")).addHosts("*.a.com").addHosts("x.a.com"));
        assertThat(of("more"))
                .containsExactly("Route more never gets a request: routes one, wild take them all first.");
    }

    @Test
    void of_conditions_wantedByTheOtherToo() {
        add(route("present").addPaths(exact("/a")).addHeaders(match("X", ValueMatchType.VALUE_MATCH_TYPE_PRESENT, "")));
        add(route("blue").addPaths(exact("/a")).addHeaders(match("x", ValueMatchType.VALUE_MATCH_TYPE_EXACT, "blue")));
        add(route("colors")
                .addPaths(exact("/a"))
                .addHeaders(match("x", ValueMatchType.VALUE_MATCH_TYPE_REGEX, "blue|red")));
        add(route("all").addPaths(exact("/a")));
        assertThat(of("blue")).containsExactly("Route blue never gets a request: route present takes them all first.");
        assertThat(of("all")).isEmpty();
        assertThat(of("present")).hasSize(2);
    }

    @Test
    void of_expressionOverEverything_takesPrefixesBelow() {
        add(route("prefix").addPaths(prefix("/api/v1")));
        add(route("regex")
                .addPaths(PathMatch.newBuilder()
                        .setKind(PathMatchKind.PATH_MATCH_KIND_REGEX)
                        .setValue("/api/.*")));
        add(route("above").addPaths(prefix("/api")));
        assertThat(of("regex")).containsExactly("Route prefix never gets a request: route regex takes them all first.");
        assertThat(of("above")).isEmpty();
    }

    @Test
    void of_disabledOrUnknown_isEmpty() {
        add(route("first").addPaths(exact("/a")));
        add(route("off").addPaths(exact("/a")).setEnabled(false));
        assertThat(of("off")).isEmpty();
        assertThat(of("first")).isEmpty();
        assertThat(of("none")).isEmpty();
    }

    @Test
    void of_randomRoutes_neverNamesARouteThatARequestReaches() {
        Random random = Seed.random(ShadowedRoutesTest.class);
        RandomRoutes routes = new RandomRoutes(random);
        List<ExplainQuestion> questions = routes.questions();
        int said = 0;
        // At least sixty, and on until enough was said for the test to mean something.
        for (int round = 0; round < 60 || (said <= 20 && round < 1_000); round++) {
            CompiledConfiguration configuration = routes.configuration(2 + random.nextInt(20));
            Set<String> winners = new HashSet<>();
            for (ExplainQuestion question : questions) {
                winners.add(Explainer.explain(configuration, question).route());
            }
            for (io.tollgate.engine.route.Route route : configuration.routesByOrdinal()) {
                for (String sentence : ShadowedRoutes.of(configuration, route.id())) {
                    String named = sentence.substring("Route ".length(), sentence.indexOf(" never"));
                    assertThat(winners)
                            .as("%s%n%s", sentence, configuration.routes().print())
                            .doesNotContain(named);
                    said++;
                }
            }
        }
        assertThat(said).as("sentences").isGreaterThan(20);
    }

    private List<String> of(String name) {
        return ShadowedRoutes.of(RandomRoutes.compile(changes), id(name));
    }

    private void add(Route.Builder route) {
        changes.add(put(route));
    }

    private Route.Builder route(String name) {
        return Wires.route(name, "s").setCreatedAtMillis(++createdAtMillis);
    }

    private static ValueMatch match(String name, ValueMatchType type, String value) {
        return ValueMatch.newBuilder()
                .setName(name)
                .setType(type)
                .setValue(value)
                .build();
    }
}
