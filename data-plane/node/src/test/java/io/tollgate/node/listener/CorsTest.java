package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.Cors;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What browsers are told about pages of other origins. */
class CorsTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\n"
            + "Access-Control-Allow-Origin: https://own.example\r\n"
            + "Access-Control-Allow-Credentials: true\r\n"
            + "Access-Control-Max-Age: 5\r\n"
            + "Vary: Accept\r\n"
            + "Content-Length: 5\r\n\r\n"
            + "hello";
    private static final String PAGE = "Origin: https://www.example.com";

    private final RawUpstream upstream = RawUpstream.answering(ANSWER);
    private final Catalog catalog = catalog()
            .service("pets", upstream.port())
            .route("pets", "/pets", "pets", route -> route.addMethods("GET").addMethods("PUT"))
            .plan("gold", perMinute(1))
            .consumer("acme", "gold");

    private void cors(UnaryOperator<Cors.Builder> more) {
        catalog.policy(
                "pages",
                policy -> policy.setAttachment(Attachment.newBuilder()
                                .setKind(AttachmentKind.ATTACHMENT_KIND_SERVICE)
                                .setObjectId(id("service", "pets")))
                        .setCors(more.apply(Cors.newBuilder().addHeaders("*").setMaxAgeSeconds(600))));
    }

    private static String preflight(RawClient client, String path, String... fields) {
        client.send("OPTIONS " + path + " HTTP/1.1\r\nHost: a\r\n" + RawClient.lines(fields) + "\r\n");
        return client.readHead();
    }

    private static String low(String head) {
        return head.toLowerCase(Locale.ROOT);
    }

    @Test
    void preflight_ofAPageThatMay_isAnsweredWithoutKeyLimitAndUpstream() {
        cors(policy -> policy.addOrigins("https://www.example.com").setCredentials(true));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                String head = preflight(
                        client,
                        "/pets",
                        PAGE,
                        "Access-Control-Request-Method: PUT",
                        "Access-Control-Request-Headers: content-type, x-api-key");
                assertThat(head).startsWith("HTTP/1.1 204 ");
                assertThat(low(head))
                        .contains("access-control-allow-origin: https://www.example.com\r\n")
                        .contains("access-control-allow-methods: put\r\n")
                        .contains("access-control-allow-headers: content-type, x-api-key\r\n")
                        .contains("access-control-allow-credentials: true\r\n")
                        .contains("access-control-max-age: 600\r\n")
                        .contains("vary: origin, access-control-request-method")
                        .doesNotContain("private-network: true");
            }
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.usage().classes()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example.org, PUT, x-a, true",
        "https://a.b.example.org, PUT, x-a, true",
        "https://example.org, PUT, x-a, false",
        "http://shop.example.org, PUT, x-a, false",
        "https://shop.example.org.evil.com, PUT, x-a, false",
        "https://evil.com/.example.org, PUT, x-a, false",
        "https://shop.example.org:8443, PUT, x-a, false",
        "https://shop.example.org, GET, x-a, false",
        "https://shop.example.org, PUT, X-A, true",
        "https://shop.example.org, PUT, 'x-a, x-b', false"
    })
    void preflight_byPattern_isAnsweredAsItSays(String origin, String method, String headers, boolean allowed) {
        cors(policy -> policy.addOrigins("https://*.example.org")
                .addMethods("PUT")
                .clearHeaders()
                .addHeaders("X-A"));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            String head = preflight(
                    client,
                    "/pets",
                    "Origin: " + origin,
                    "Access-Control-Request-Method: " + method,
                    "Access-Control-Request-Headers: " + headers);
            assertThat(head).startsWith("HTTP/1.1 204 ");
            assertThat(low(head).contains("access-control-allow-origin: " + origin + "\r\n"))
                    .isEqualTo(allowed);
            assertThat(low(head).contains("access-control-allow")).isEqualTo(allowed);
        }
    }

    @Test
    void preflight_fromAPublicNetwork_isToldWhereThePolicyMay() {
        cors(policy -> policy.addOrigins("*").setPrivateNetwork(true));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            String head = low(preflight(
                    client,
                    "/pets",
                    PAGE,
                    "Access-Control-Request-Method: GET",
                    "Access-Control-Request-Private-Network: true"));
            assertThat(head)
                    .contains("access-control-allow-private-network: true\r\n")
                    .contains("access-control-allow-origin: *\r\n");
        }
    }

    @Test
    void preflight_withoutAPolicyOrMethod_isACallLikeOthers() {
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            client.send(
                    "OPTIONS /pets HTTP/1.1\r\nHost: a\r\n" + PAGE + "\r\nAccess-Control-Request-Method: GET\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ");
            cors(policy -> policy.addOrigins("*"));
            gateway.serve(catalog);
            client.send("OPTIONS /pets HTTP/1.1\r\nHost: a\r\n" + PAGE + "\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ");
            client.send("OPTIONS /pets HTTP/1.1\r\nHost: a\r\n" + PAGE
                    + "\r\nAccess-Control-Request-Method: DELETE\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ");
        }
    }

    @Test
    void answers_ofUpstreamAndGateway_tellThePageWhetherItMayReadThem() {
        cors(policy -> policy.addOrigins("https://www.example.com").addExposedHeaders("RateLimit"));
        String key = "X-Api-Key: " + catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            String served = client.get("/pets", key, PAGE);
            assertThat(served).startsWith("HTTP/1.1 200 ");
            assertThat(low(served))
                    .contains("access-control-allow-origin: https://www.example.com\r\n")
                    .contains("access-control-expose-headers: ratelimit\r\n")
                    .contains("vary: accept\r\n")
                    .contains("vary: origin\r\n")
                    .doesNotContain("own.example")
                    .doesNotContain("allow-credentials")
                    .doesNotContain("max-age");
            String limited = client.get("/pets", key, PAGE);
            assertThat(limited).startsWith("HTTP/1.1 429 ");
            assertThat(low(limited)).contains("access-control-allow-origin: https://www.example.com\r\n");
            String missing = client.get("/pets", PAGE);
            assertThat(missing).startsWith("HTTP/1.1 401 ");
            assertThat(low(missing)).contains("access-control-allow-origin: https://www.example.com\r\n");
            for (String other : new String[] {"Origin: https://evil.example", "Accept: text/plain"}) {
                assertThat(low(client.get("/pets", other)))
                        .contains("vary: origin\r\n")
                        .doesNotContain("access-control-allow");
            }
        }
    }

    @Test
    void answers_ofAnUpstreamThatKnows_passWhereThePolicyLetsThem() {
        cors(policy -> policy.addOrigins("*").setPassUpstream(true));
        String key = "X-Api-Key: " + catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(low(client.get("/pets", key, PAGE)))
                    .contains("access-control-allow-origin: https://own.example\r\n")
                    .contains("access-control-allow-credentials: true\r\n");
            assertThat(low(client.get("/pets", PAGE)))
                    .startsWith("http/1.1 401 ")
                    .contains("access-control-allow-origin: *\r\n")
                    .doesNotContain("vary");
        }
    }

    @Test
    void refusals_withoutARoute_areReadableUnderAGlobalPolicy() {
        catalog.policy(
                "everywhere",
                policy -> policy.setCors(Cors.newBuilder().addOrigins("*").addHeaders("*")));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(low(client.get("/nowhere", PAGE)))
                    .startsWith("http/1.1 404 ")
                    .contains("access-control-allow-origin: *\r\n");
        }
    }
}
