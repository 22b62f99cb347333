package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Http2Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Request targets that are no path (RFC 9112, 3.2.2 to 3.2.4). */
class TargetFormsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Gateway gateway(RawUpstream upstream) {
        return Gateway.serving(catalog().open().service("all", upstream.port()).route("all", "/", "all"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://api.example.com/pets?a=b, api.example.com, /pets?a=b",
        "HTTP://API.example.com/pets, api.example.com, /pets",
        "http://api.example.com:80/a/../pets, api.example.com, /pets",
        "http://api.example.com/pets, api.example.com:80, /pets",
        "http://api.example.com, api.example.com, /",
        "http://api.example.com?a=b, api.example.com, /?a=b",
        "http://[::1]:8080/pets, [::1]:8080, /pets"
    })
    void absolute_thatAgreesWithHost_isForwardedAsAPath(String target, String host, String forwarded) {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = gateway(upstream);
                RawClient client = gateway.connect()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .startsWith("GET " + forwarded + " HTTP/1.1\r\n")
                            .contains("\r\nX-Forwarded-Host: " + host + "\r\n"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, http://evil.example.com/pets, api.example.com",
        "GET, http://api.example.com:81/pets, api.example.com",
        "GET, http://u@api.example.com/pets, api.example.com",
        "GET, http://api.example.com@evil/pets, api.example.com",
        "GET, https://api.example.com/pets, api.example.com",
        "GET, ftp://api.example.com/pets, api.example.com",
        "GET, http:///pets, api.example.com",
        "GET, http:/pets, api.example.com",
        "GET, http://api.example.com#x, api.example.com",
        "GET, http://api.example.com\\pets, api.example.com",
        "GET, *, api.example.com",
        "CONNECT, api.example.com:443, api.example.com:443",
        "CONNECT, /pets\\x, api.example.com"
    })
    void target_ofAnotherForm_isRefused(String method, String target, String host) {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = gateway(upstream);
                RawClient client = gateway.connect()) {
            client.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").contains("problem:bad-request");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void options_ofTheServer_areAnsweredHereAndNotCounted() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = gateway(upstream);
                RawClient client = gateway.connect();
                Http2Wire http2 = gateway.connectHttp2()) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: api.example.com\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
            assertThat(http2.answer(http2.begin(true, head("OPTIONS", "*"))).status())
                    .isEqualTo("204");
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.usage().calls()).isEmpty();
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void options_ofAPath_reachTheService() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 204 No Content\r\nAllow: GET\r\n\r\n");
                Gateway gateway = gateway(upstream);
                RawClient client = gateway.connect()) {
            client.send("OPTIONS /pets HTTP/1.1\r\nHost: api.example.com\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 204 ").contains("\r\nAllow: GET\r\n");
            assertThat(upstream.requests().get(0)).startsWith("OPTIONS /pets HTTP/1.1\r\n");
        }
    }
}
