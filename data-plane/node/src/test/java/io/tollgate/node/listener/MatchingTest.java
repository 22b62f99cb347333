package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.DuplicateSlashes;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.PathRewrite;
import io.tollgate.proto.config.v1.ValueMatch;
import io.tollgate.proto.config.v1.ValueMatchType;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which service a real request reaches, and what it is told of the request. */
class MatchingTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final Pattern REQUEST_LINE = Pattern.compile("GET (\\S+) HTTP/1\\.1\r\n(?s:.*)");

    @Test
    void request_headerAndQuery_chooseTheRoute() {
        try (RawUpstream blue = RawUpstream.answering(OK);
                RawUpstream other = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("blue", blue.port())
                        .service("other", other.port())
                        .route("other", "/pets", "other")
                        .route(
                                "blue",
                                "/pets",
                                "blue",
                                route -> route.addMethods("GET")
                                        .addHeaders(regex("X-Tenant", "blue, .*"))
                                        .addHeaders(exactly("x-city", "Z\u00fcrich"))
                                        .addQueryParameters(exactly("color", "light blue"))));
                RawClient client = gateway.connect()) {
            String[] fields = {"x-TENANT: blue", "X-Tenant: green", "X-City: Z\u00c3\u00bcrich"};
            client.get("/pets?a=1&c%6flor=light+blue", fields);
            assertThat(blue.requests()).hasSize(1);

            client.get("/pets?color=blue", fields);
            client.get("/pets?color=light+blue", "X-Tenant: blue", "X-City: Z\u00c3\u00bcrich");
            client.get("/pets?color=light+blue", "X-Tenant: blue", "X-Tenant: green", "X-City: Zurich");
            assertThat(blue.requests()).hasSize(1);
            assertThat(other.requests()).hasSize(3);
        }
    }

    @Test
    void request_methodOfRouteWhoseConditionsFail_isNotAllowedNowhere() {
        try (Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("pets", 1)
                        .route(
                                "pets",
                                "/pets",
                                "pets",
                                route -> route.addMethods("PUT").addHeaders(exactly("x", "1"))));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 404 ");
            assertThat(client.get("/pets", "X: 1")).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: PUT\r\n");
        }
    }

    @Test
    void request_regexPath_givesItsGroupsToTheRewrite() {
        try (RawUpstream upstream = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("pets", upstream.port())
                        .route(
                                "pets",
                                "/",
                                "pets",
                                route -> route.clearPaths()
                                        .addPaths(PathMatch.newBuilder()
                                                .setKind(PathMatchKind.PATH_MATCH_KIND_REGEX)
                                                .setValue("/v[0-9]+/(?P<kind>[a-z]+)-(?P<id>[0-9]+)"))
                                        .setRewrite(PathRewrite.newBuilder().setReplaceFull("/{kind}/{id}"))));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/v12/pet-%37")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/v12/pet-7/toys")).startsWith("HTTP/1.1 404 ");
            assertThat(upstream.requests()).singleElement().asString().startsWith("GET /pet/7 HTTP/1.1\r\n");
        }
    }

    @Test
    void request_duplicateSlashes_doAsThePolicySays() {
        try (RawUpstream upstream = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(slashes(upstream, DuplicateSlashes.DUPLICATE_SLASHES_KEEP));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets//7")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("//pets/7"))
                    .as("an empty segment comes first")
                    .startsWith("HTTP/1.1 404 ");
            assertThat(upstream.requests()).singleElement().asString().startsWith("GET /pets//7 HTTP/1.1\r\n");

            gateway.serve(slashes(upstream, DuplicateSlashes.DUPLICATE_SLASHES_REFUSE));
            assertThat(client.get("/pets/7")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets//7")).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void request_duplicateSlashesMerged_isForwardedWithout() {
        try (RawUpstream upstream = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(slashes(upstream, DuplicateSlashes.DUPLICATE_SLASHES_MERGE));
                RawClient client = gateway.connect()) {
            assertThat(client.get("//pets//7")).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(0)).startsWith("GET /pets/7 HTTP/1.1\r\n");
        }
    }

    @Test
    void request_anyTarget_isForwardedAsItWasMatched() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("MatchingTest seed=" + seed);
        Random random = new Random(seed);
        String[] parts = {
            "/", "/", "/", ".", "..", "a", "B", "%2e", "%41", "%c3%A9", ";", "%2F", "%00", "%z", "?", "&b=%3d"
        };
        try (RawUpstream upstream = RawUpstream.answering(OK);
                Gateway gateway = Gateway.serving(slashes(upstream, DuplicateSlashes.DUPLICATE_SLASHES_KEEP)
                        .route("all", "/", "pets"))) {
            int forwarded = 0;
            for (int i = 0; i < 600; i++) {
                StringBuilder target = new StringBuilder("/");
                for (int j = random.nextInt(9); j > 0; j--) {
                    target.append(parts[random.nextInt(parts.length)]);
                }
                // A refused request may close its connection.
                try (RawClient client = gateway.connect()) {
                    if (client.get(target.toString()).startsWith("HTTP/1.1 200 ")) {
                        String once = line(upstream, forwarded++);
                        assertThat(path(once))
                                .as("seed %s, %s", seed, target)
                                .doesNotContain("/./", "/../", "%2e", "%41");
                        assertThat(once.substring(path(once).length()))
                                .as("seed %s, %s", seed, target)
                                .isEqualTo(
                                        target.substring(path(target.toString()).length()));
                        assertThat(client.get(once))
                                .as("seed %s, %s", seed, target)
                                .startsWith("HTTP/1.1 200 ");
                        assertThat(line(upstream, forwarded++))
                                .as("seed %s, %s", seed, target)
                                .isEqualTo(once);
                    }
                }
            }
            assertThat(forwarded).as("seed %s", seed).isGreaterThan(200);
        }
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static String line(RawUpstream upstream, int index) {
        Matcher line = REQUEST_LINE.matcher(upstream.requests().get(index));
        assertThat(line.matches()).isTrue();
        return line.group(1);
    }

    private static Catalog slashes(RawUpstream upstream, DuplicateSlashes slashes) {
        return catalog()
                .open()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .policy("slashes", policy -> {
                    policy.getRequestTargetBuilder().setDuplicateSlashes(slashes);
                    return policy;
                });
    }

    private static ValueMatch exactly(String name, String value) {
        return match(name, ValueMatchType.VALUE_MATCH_TYPE_EXACT, value);
    }

    private static ValueMatch regex(String name, String value) {
        return match(name, ValueMatchType.VALUE_MATCH_TYPE_REGEX, value);
    }

    private static ValueMatch match(String name, ValueMatchType type, String value) {
        return ValueMatch.newBuilder()
                .setName(name)
                .setType(type)
                .setValue(value)
                .build();
    }
}
