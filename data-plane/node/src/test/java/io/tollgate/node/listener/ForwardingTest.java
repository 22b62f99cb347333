package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import org.junit.jupiter.api.Test;

/** What a well-behaved call looks like on both sides. */
class ForwardingTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets");
    }

    @Test
    void get_simple_isRelayedAndCountedOnce() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            String answer = client.get("/pets/7?color=red%20brown");

            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
            assertThat(answer).contains("Via: 1.1 tollgate\r\n", "Content-Type: text/plain\r\n");
            assertThat(upstream.requests()).singleElement().satisfies(request -> {
                assertThat(request).startsWith("GET /pets/7?color=red%20brown HTTP/1.1\r\n");
                assertThat(request).contains("Host: 127.0.0.1:" + upstream.port() + "\r\n");
                assertThat(request).contains("Via: 1.1 tollgate\r\n", "X-Forwarded-For: 127.0.0.1\r\n");
                assertThat(request).contains("X-Forwarded-Host: api.example.com\r\n", "X-Forwarded-Proto: http\r\n");
                assertThat(request).contains("Forwarded: for=127.0.0.1;host=\"api.example.com\";proto=http\r\n");
            });
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }
}
