package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.proto.config.v1.FixedAnswer;
import io.tollgate.proto.config.v1.HeaderField;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.PathRewrite;
import io.tollgate.proto.config.v1.Redirect;
import io.tollgate.proto.config.v1.WhenUnmetered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway answers itself because a route says so. */
class OwnAnswerTest {
    private static Catalog redirecting(Redirect.Builder redirect) {
        return catalog().open().action("go", "/old", route -> route.setRedirect(redirect));
    }

    private static Catalog fixed(FixedAnswer.Builder answer) {
        return catalog().open().action("fixed", "/fixed", route -> route.setFixedAnswer(answer));
    }

    private static HeaderField field(String name, String value) {
        return HeaderField.newBuilder().setName(name).setValue(value).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirect_everyKind_saysWhere(int status) {
        try (Gateway gateway = Gateway.serving(
                        redirecting(Redirect.newBuilder().setScheme("https").setStatus(status)));
                RawClient client = gateway.connect()) {
            String answer = client.get("/old/a%20b?x=1&y=%41");

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                    .contains("location: https://api.example.com/old/a%20b?x=1&y=%41\r\n", "content-length: 0\r\n");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
            // The connection serves on.
            assertThat(client.get("/old")).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "https www.example.com 0 / https://www.example.com/x?q",
                "http www.example.com 8080 /new http://www.example.com:8080/new/x?q",
                "https www.example.com 443 /new https://www.example.com/new/x?q"
            })
    void redirect_parts_replaceTheClients(String scheme, String host, int port, String prefix, String location) {
        try (Gateway gateway = Gateway.serving(redirecting(Redirect.newBuilder()
                        .setScheme(scheme)
                        .setHost(host)
                        .setPort(port)
                        .setPath(PathRewrite.newBuilder().setReplacePrefix(prefix))
                        .setStatus(308)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/old/x?q")).containsIgnoringCase("Location: " + location + "\r\n");
        }
    }

    @Test
    void redirect_portOfTheClient_stays() {
        try (Gateway gateway = Gateway.serving(redirecting(Redirect.newBuilder()
                        .setPath(PathRewrite.newBuilder().setReplaceFull("/new{request.path}"))
                        .setStatus(302)));
                RawClient client = gateway.connect()) {
            client.send("GET /old HTTP/1.1\r\nHost: a.example:8080\r\n\r\n");
            assertThat(client.readMessage()).containsIgnoringCase("Location: http://a.example:8080/new/old\r\n");
            client.send("GET /old HTTP/1.0\r\n\r\n");
            assertThat(client.readMessage()).containsIgnoringCase("Location: /new/old\r\n");
        }
    }

    @Test
    void redirect_keyInTheQuery_isNotPassedOn() {
        Catalog catalog = catalog()
                .action(
                        "go",
                        "/old",
                        route -> route.setRedirect(
                                Redirect.newBuilder().setHost("other.example").setStatus(302)))
                .plan("gold")
                .consumer("acme", "gold");
        String key = catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/old?a=1&api_key=" + key + "&b=2"))
                    .containsIgnoringCase("Location: http://other.example/old?a=1&b=2\r\n")
                    .doesNotContain(key);
        }
    }

    @Test
    void redirect_hostMadeOfTheRequest_mustBeOne() {
        try (Gateway gateway = Gateway.serving(redirecting(
                        Redirect.newBuilder().setHost("{request.query.h}").setStatus(302)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/old?h=good.example")).containsIgnoringCase("Location: http://good.example/old?h");
            for (String bad : new String[] {"a%2Fb", "a%0D%0AX-Evil:%201", "a%40b", "a:1", ""}) {
                assertThat(client.get("/old?h=" + bad))
                        .startsWith("HTTP/1.1 400 ")
                        .contains("urn:tollgate:problem:unfit-value")
                        .doesNotContain("X-Evil");
            }
        }
    }

    @Test
    void fixed_template_isFilledInAndCountedOnce() throws InterruptedException {
        Catalog catalog = catalog()
                .action(
                        "fixed",
                        "/fixed",
                        route -> route.clearPaths()
                                .addPaths(PathMatch.newBuilder()
                                        .setKind(PathMatchKind.PATH_MATCH_KIND_TEMPLATE)
                                        .setValue("/fixed/{id}"))
                                .setFixedAnswer(FixedAnswer.newBuilder()
                                        .setStatus(503)
                                        .addHeaders(field("Content-Type", "application/json"))
                                        .addHeaders(field("X-Who", "{consumer.name}/{plan.name}"))
                                        .addHeaders(field("X-Injected", "{request.query.x}"))
                                        .setBody("{{\"id\":\"{id}\",\"x\":\"{request.query.x}\"}\n")))
                .plan("gold", perMinute(1))
                .consumer("acme", "gold");
        String key = catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            String answer = client.get("/fixed/7?x=%22%0D%0AX-Evil:%201", "X-Api-Key: " + key);

            assertThat(answer)
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("\r\n\r\n{\"id\":\"7\",\"x\":\"\\\"\\u000D\\u000AX-Evil: 1\"}\n")
                    .contains("X-Who: acme/gold\r\n", "RateLimit: ")
                    .doesNotContain("X-Injected")
                    .doesNotContain("\r\nX-Evil");
            assertThat(client.get("/fixed/7", "X-Api-Key: " + key)).startsWith("HTTP/1.1 429 ");
            assertThat(client.get("/fixed/7")).startsWith("HTTP/1.1 401 ");
            assertThat(gateway.usage().classes())
                    .containsExactly(OutcomeClass.SERVER_ERROR, OutcomeClass.REFUSED, OutcomeClass.REFUSED);
            assertThat(gateway.usage().calls().get(0).responseBytes())
                    .isEqualTo(answer.length() - answer.indexOf("\r\n\r\n") - 4);
            Await.until("the request ended", () -> gateway.counters().count(Outcome.OK) == 1);
            assertThat(gateway.logged())
                    .contains("\"status\":503", "\"outcome\":\"ok\"")
                    .doesNotContain("\"upstream\"");
        }
    }

    @Test
    void fixed_head_getsTheLengthAndNoBody() {
        try (Gateway gateway = Gateway.serving(
                        fixed(FixedAnswer.newBuilder().setStatus(200).setBody("hello")));
                RawClient client = gateway.connect()) {
            client.send("HEAD /fixed HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ").containsIgnoringCase("Content-Length: 5\r\n");
            String next = client.get("/fixed");
            assertThat(next).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
            assertThat(next).containsIgnoringCase("Content-Type: text/plain; charset=utf-8\r\n");
            assertThat(gateway.usage().calls().get(0).responseBytes()).isZero();
        }
    }

    @Test
    void fixed_journalFull_isRefusedOrToldAsUnmetered() {
        Catalog catalog = catalog()
                .action(
                        "fixed",
                        "/fixed",
                        route -> route.setFixedAnswer(
                                FixedAnswer.newBuilder().setStatus(200).setBody("hello")))
                .plan("strict")
                .plan("kind", plan -> plan.setAllRoutes(true).setWhenUnmetered(WhenUnmetered.WHEN_UNMETERED_SERVE))
                .consumer("acme", "strict")
                .consumer("guest", "kind");
        String strict = catalog.key("acme");
        String kind = catalog.key("guest");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            gateway.usage().fill();
            assertThat(client.get("/fixed", "X-Api-Key: " + strict)).startsWith("HTTP/1.1 503 ");
            assertThat(client.get("/fixed", "X-Api-Key: " + kind)).startsWith("HTTP/1.1 200 ");
            assertThat(gateway.usage().unmetered()).isEqualTo(1);
        }
    }

    @Test
    void fixed_noContent_hasNoLength() {
        try (Gateway gateway = Gateway.serving(fixed(FixedAnswer.newBuilder().setStatus(204)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/fixed")).startsWith("HTTP/1.1 204 ").doesNotContainIgnoringCase("Content-Length");
            assertThat(client.get("/fixed")).startsWith("HTTP/1.1 204 ");
        }
    }

    @Test
    void fixed_bodyOfTheRequest_isReadAway() {
        try (Gateway gateway = Gateway.serving(
                        fixed(FixedAnswer.newBuilder().setStatus(200).setBody("ok")));
                RawClient client = gateway.connect()) {
            client.send("POST /fixed HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("ok");
            assertThat(client.get("/fixed")).startsWith("HTTP/1.1 200 ");
            client.send("POST /fixed HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").containsIgnoringCase("Connection: close\r\n");
        }
    }
}
