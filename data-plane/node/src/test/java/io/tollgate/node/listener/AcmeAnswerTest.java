package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.HttpsRedirect;
import org.junit.jupiter.api.Test;

class AcmeAnswerTest {
    private static final String TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private static final String AUTHORIZATION = TOKEN + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
    private static final String PLACE = "/.well-known/acme-challenge/";

    /** Calls need a key and https. */
    private static Catalog closed(RawUpstream upstream) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/", "pets")
                .policy(
                        "https",
                        policy -> policy.setHttpsRedirect(
                                HttpsRedirect.newBuilder().setStatus(308)))
                .acmeChallenge("www", TOKEN, AUTHORIZATION);
    }

    @Test
    void get_token_isAnsweredBeforeAnyPolicy() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                Gateway gateway = Gateway.serving(closed(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get(PLACE + TOKEN))
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("Content-Type: application/octet-stream\r\n")
                    .endsWith("\r\n\r\n" + AUTHORIZATION);
            client.send("HEAD " + PLACE + TOKEN + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).containsIgnoringCase("Content-Length: " + AUTHORIZATION.length() + "\r\n");
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS, OutcomeClass.SUCCESS);
        }
    }

    @Test
    void get_anythingElse_isForTheRoutes() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                Gateway gateway = Gateway.serving(closed(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get(PLACE + TOKEN + "x")).startsWith("HTTP/1.1 308 ");
            assertThat(client.get(PLACE)).startsWith("HTTP/1.1 308 ");
            assertThat(client.get("/" + TOKEN)).startsWith("HTTP/1.1 308 ");
            client.send("POST " + PLACE + TOKEN + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 308 ");
        }
    }

    @Test
    void challenge_takenAway_isAnsweredNoMore() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            Catalog catalog = closed(upstream);
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                assertThat(client.get(PLACE + TOKEN)).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.remove("acme-challenge", "www"));
                assertThat(client.get(PLACE + TOKEN)).startsWith("HTTP/1.1 308 ");
            }
        }
    }
}
