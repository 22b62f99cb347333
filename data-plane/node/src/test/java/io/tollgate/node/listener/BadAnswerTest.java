package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are no HTTP/1.1, or more than one: none reaches a client, and none of it the next call. */
class BadAnswerTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/", "pets");
    }

    /** The first connection says this once, all others answer well. */
    private static RawUpstream once(String bad) {
        return RawUpstream.scripted(
                connection -> {
                    connection.readMessage();
                    connection.send(bad);
                    connection.readToEnd();
                },
                connection -> {
                    while (!connection.readMessage().isEmpty()) {
                        connection.send(HELLO);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nX y: a\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: a\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 +200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 0200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 Long\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2x0 Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 O\u0000K\r\nContent-Length: 0\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
                "ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: a\u0000b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
            })
    void answer_thatIsNoHttp_is502AndItsConnectionIsNotUsedAgain(String bad) {
        try (RawUpstream upstream = once(bad);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
            assertThat(client.get("/")).endsWith("\r\n\r\nhello");
            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void answer_headTooLong_is502() {
        try (RawUpstream upstream = once("HTTP/1.1 200 OK\r\nX: " + "a".repeat(70_000) + "\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
            assertThat(client.get("/")).endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void answer_afterTooManyInterimOnes_is502() {
        String many = "HTTP/1.1 102 Processing\r\n\r\n".repeat(33);
        try (RawUpstream upstream = once(many + HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
        }
    }

    @Test
    void answer_afterAsManyInterimOnesAsMayBe_passes() {
        String many = "HTTP/1.1 102 Processing\r\n\r\n".repeat(32);
        try (RawUpstream upstream = once(many + HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
                "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noneHT"
            })
    void answer_withMoreBehindIt_isNotTheAnswerOfTheNextCall(String two) {
        try (RawUpstream upstream = once(two);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            // The second request is there before the first answer, so that it is sent in the same turn of the loop.
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readToEnd()).endsWith("\r\n\r\nhello").doesNotContain("forged");
            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void answer_toHeadWithABody_isNotTheAnswerOfTheNextCall() {
        try (RawUpstream upstream = once("HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readToEnd()).endsWith("\r\n\r\nhello").doesNotContain("forged");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nBad Name: x\r\n\r\n",
                "5\r\nhello\r\n0\r\nX: a\u0000b\r\n\r\n"
            })
    void answer_withBadChunks_neverLooksWhole(String chunks) {
        try (RawUpstream upstream = once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
                Gateway gateway = Gateway.serving(open(upstream))) {
            try (RawClient client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                StringBuilder got = new StringBuilder();
                try {
                    for (String next = client.read(1); !next.isEmpty(); next = client.read(1)) {
                        got.append(next);
                    }
                } catch (java.io.UncheckedIOException e) {
                    got.append("(reset)");
                }
                assertThat(got.toString())
                        .satisfiesAnyOf(
                                answer -> assertThat(answer).startsWith("HTTP/1.1 502 "),
                                answer -> assertThat(answer).doesNotContain("\r\n0\r\n"));
            }
            try (RawClient client = gateway.connect()) {
                assertThat(client.get("/")).endsWith("\r\n\r\nhello");
            }
        }
    }
}
