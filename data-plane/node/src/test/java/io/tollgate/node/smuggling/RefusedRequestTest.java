package io.tollgate.node.smuggling;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way to let two programs read one request differently, by itself: refused and closed, or forwarded as exactly one request. */
class RefusedRequestTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Gateway gateway =
            Gateway.serving(catalog().open().service("pets", upstream.port()).route("pets", "/", "pets"));

    @AfterEach
    void close() {
        gateway.close();
        upstream.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                request("length beside coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
                request("coding beside length", post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")),
                request("two lengths", post("Content-Length: 1\r\nContent-Length: 2", "xx")),
                request("two equal lengths", post("Content-Length: 1\r\nContent-Length: 1", "x")),
                request("equal lengths in one field", post("Content-Length: 5, 5", "hello")),
                request("two lengths in HTTP/1.0", old("Content-Length: 5\r\nContent-Length: 0", "hello")),
                request("two lengths in one field of HTTP/1.0", old("Content-Length: 5, 0", "hello")),
                request("length with a plus", post("Content-Length: +5", "hello")),
                request("length with a minus", post("Content-Length: -5", "hello")),
                request("length in hexadecimal", post("Content-Length: 0x5", "hello")),
                request("length without digits", post("Content-Length:", "hello")),
                request("length with a point", post("Content-Length: 5.0", "hello")),
                request("length with something behind", post("Content-Length: 5;", "hello")),
                request("length too large for a number", post("Content-Length: 99999999999999999999", "hello")),
                request("length in a folded line behind a comma", post("Content-Length: 5,\r\n 5", "hello")),
                request("coding that is unknown", post("Transfer-Encoding: xchunked", "0\r\n\r\n")),
                request("coding before chunked", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")),
                request("chunked not last", post("Transfer-Encoding: chunked, identity", "0\r\n\r\n")),
                request("chunked twice", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
                request("two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
                request("coding without a word", post("Transfer-Encoding:", "0\r\n\r\n")),
                request("coding with a parameter", post("Transfer-Encoding: chunked;q=1", "0\r\n\r\n")),
                request("coding in quotes", post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n")),
                request("coding behind a vertical tab", post("Transfer-Encoding: \u000bchunked", "0\r\n\r\n")),
                request("coding in a folded line", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n")),
                request("coding in HTTP/1.0", old("Transfer-Encoding: chunked", "0\r\n\r\n")),
                request("space before the colon", post("Content-Length : 5", "hello")),
                request("tab before the colon", post("Transfer-Encoding\t: chunked", "0\r\n\r\n")),
                request("field without a name", get(": x")),
                request("field without a colon", get("nothing")),
                request("first field folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
                request("bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                request("bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
                request("bare LFs behind the head", "GET / HTTP/1.1\r\nHost: a\n\n"),
                request("bare CR in a value", get("X: a\rContent-Length: 5")),
                request("bare CR in the request line", "GET /\rx HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("NUL in a name", get("X\u0000: y")),
                request("NUL in a value", get("X: a\u0000b")),
                request("NUL in the target", "GET /a\u0000 HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("parenthesis in a name", get("X(: y")),
                request("letter beyond ASCII in a name", get("X\u00e9: y")),
                request("blank in a name", get("X y: z")),
                request("two spaces in the request line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("vertical tab in the request line", "GET /\u000bHTTP/1.1\r\nHost: a\r\n\r\n"),
                request("space before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
                request("more than three parts", "GET / x HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("no version", "GET /\r\nHost: a\r\n\r\n"),
                request("version with two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
                request("version that is not spoken", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
                request("version in small letters", "GET / http/1.1\r\nHost: a\r\n\r\n"),
                request("method that is no token", "(GET) / HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("fragment in the target", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("backslash in the target", "GET /\\x HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("target without a slash", "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("other authority in the target", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("no Host", "GET / HTTP/1.1\r\n\r\n"),
                request("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                request("two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"),
                request("Host that is two", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
                request("Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                request("Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"),
                request("Host with a NUL", "GET / HTTP/1.1\r\nHost: a\u0000\r\n\r\n"),
                request("body of an old WebSocket handshake", get("Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2")),
                request("chunk size with a minus", chunked("-5\r\nhello\r\n0\r\n\r\n")),
                request("chunk size with a plus", chunked("+5\r\nhello\r\n0\r\n\r\n")),
                request("chunk size with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n")),
                request("chunk size that overflows", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n")),
                request("chunk size without digits", chunked("\r\nhello\r\n0\r\n\r\n")),
                request("chunk size that is a word", chunked("five\r\nhello\r\n0\r\n\r\n")),
                request("space before a chunk size", chunked(" 5\r\nhello\r\n0\r\n\r\n")),
                request("bare LF behind a chunk size", chunked("5\nhello\r\n0\r\n\r\n")),
                request("line end in a quoted extension", chunked("5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n")),
                request("bare LF in an extension", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n")),
                request("bare CR in an extension", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n")),
                request("no line end behind the data", chunked("5\r\nhello0\r\n\r\n")),
                request("bare LF behind the data", chunked("5\r\nhello\n0\r\n\r\n")),
                request("more data than the size", chunked("5\r\nhello!\r\n0\r\n\r\n")),
                request("trailer without a colon", chunked("5\r\nhello\r\n0\r\nnothing\r\n\r\n")),
                request("trailer with a bare LF", chunked("5\r\nhello\r\n0\r\nX: y\n\r\n")));
    }

    private static Arguments request(String name, String bytes) {
        return Arguments.of(name, bytes);
    }

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
    }

    private static String post(String fields, String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n" + body;
    }

    private static String old(String fields, String body) {
        return "POST / HTTP/1.0\r\nConnection: keep-alive\r\n" + fields + "\r\n\r\n" + body;
    }

    private static String chunked(String body) {
        return post("Transfer-Encoding: chunked", body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void request_thatMayBeReadInTwoWays_is400AndTheConnectionEnds(String name, String bytes) {
        try (RawClient client = gateway.connect()) {
            client.send(bytes + HIDDEN);

            String answers = client.readToEnd();
            assertThat(answers).matches("(?s)HTTP/1\\.[01] 400 .*").contains("urn:tollgate:problem:bad-request");
            assertThat(answers.split("HTTP/1\\.[01] ", -1)).as("one answer").hasSize(2);
        }
        assertThat(upstream.requests()).as("nothing whole reached the service").isEmpty();
    }

    @Test
    void field_inSeveralLines_isForwardedAsOne() {
        try (RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n  two\r\n\tthree\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd()).endsWith("hello");
        }
        assertThat(upstream.requests())
                .singleElement()
                .asString()
                .contains("X: one two three\r\n")
                .startsWith("GET / HTTP/1.1\r\n");
    }

    @Test
    void length_withZerosOrWhiteSpace_isForwardedPlain() {
        try (RawClient client = gateway.connect()) {
            client.send(post("Content-Length: \t 0005 ", "hello"));
            assertThat(client.readMessage()).endsWith("hello");
        }
        assertThat(upstream.requests())
                .singleElement()
                .asString()
                .contains("Content-Length: 5\r\n")
                .endsWith("\r\n\r\nhello");
    }

    @Test
    void chunks_withExtensionsAndZeros_areForwardedPlain() {
        try (RawClient client = gateway.connect()) {
            client.send(chunked("0005;a=\"b\"\r\nhello\r\n000\r\nX-Sum: 1\r\n\r\n"));
            assertThat(client.readMessage()).endsWith("hello");
        }
        assertThat(upstream.requests())
                .singleElement()
                .asString()
                .contains("\r\n\r\n5\r\nhello\r\n0\r\n")
                .doesNotContain("a=");
    }

    @Test
    void emptyLines_beforeARequest_areDropped() {
        try (RawClient client = gateway.connect()) {
            client.send("\r\n\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readMessage()).endsWith("hello");
        }
        assertThat(upstream.requests()).singleElement().asString().startsWith("GET / HTTP/1.1\r\n");
    }
}
