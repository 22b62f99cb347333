package io.tollgate.node.smuggling;

import io.tollgate.node.smuggling.Http2Attempt.Fault;
import io.tollgate.node.smuggling.Http2Attempt.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Requests of HTTP/2 that are well-formed, or changed in one to three ways, many of which hide another request. One thread. */
final class Http2Mutations {
    private static final String[] METHODS = {
        "GET",
        "PUT",
        "DELETE",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "TRACE",
        "CONNECT",
        "PRI",
        "get",
        "X-Y",
        "",
        "GE T",
        "GET ",
        " GET",
        "GET\t",
        "GET\r\nX: 1",
        "GET / HTTP/1.1\r\nX: 1",
        "G\u0000T",
        "GET:",
        "(GET)",
        "G\u00c9T"
    };
    private static final String[] SCHEMES = {
        "http",
        "https",
        "HTTP",
        "ftp",
        "",
        "http:",
        "http://a",
        " http",
        "http ",
        "http\r\nX: 1",
        "h\u0000",
        "javascript"
    };
    private static final String[] AUTHORITIES = {
        "A",
        "a:80",
        "a:",
        "",
        "a/b",
        "a@b",
        "u:p@a",
        "a b",
        "a, b",
        "a,b",
        "a\tb",
        " a",
        "a ",
        "a\r\nX: 1",
        "a\u0000",
        "a:x",
        "a:-1",
        "a#b",
        "a?b",
        "\u00e9",
        "[a",
        "a\\b"
    };
    private static final String[] PATHS = {
        "%s",
        "%s?x=1&y=%%20",
        "%s/a;b=c",
        "%s?",
        "",
        "*",
        "a%s",
        "http://a%s",
        "//a%s x",
        "%s#f",
        "%s\\x",
        "%s x",
        " %s",
        "%s ",
        "%s HTTP/1.1",
        "%s HTTP/1.1\r\nHost: a\r\n\r\nGET %s-hidden HTTP/1.1",
        "%s\r\nX: 1",
        "%s\n",
        "%s\u0000",
        "%s\t",
        "%s\u00e9",
        "%s<",
        "%s{x}",
        "%s\u007f",
        "%s\u0001",
        "?%s",
        "%s|"
    };
    private static final String[] PSEUDO = {
        ":x", ":status", ":protocol", ":", "::path", ":path ", ":PATH", ":Method", ":host", ":method\r\nx"
    };
    private static final String[] HOSTS = {"a", "A", "a:80", "a:81", "b", "", "a, b", "a ", "a\r\nX: 1", "a/b"};
    private static final String[] NAMES = {
        "x-b",
        "x_b",
        "x!b",
        "X-B",
        "x-B",
        "x b",
        " x",
        "x ",
        "x:b",
        "x:",
        "",
        "x\r\nb",
        "x\nb",
        "x\rb",
        "x\u0000",
        "x\u0001",
        "x\u00e9",
        "x(b)",
        "x\tb",
        "x\"b",
        "x/b",
        "x\u007f",
        "Content-Length",
        "HOST",
        "transfer-encoding\u0000",
        "connection",
        "keep-alive",
        "proxy-connection",
        "upgrade",
        "transfer-encoding",
        "Transfer-Encoding"
    };
    private static final String[] VALUES = {
        "1",
        "",
        "1, 2",
        "chunked",
        "close",
        "x-number",
        " 1",
        "1 ",
        "\t1",
        "1\t",
        "1\t2",
        "1\r\nHost: evil",
        "1\r2",
        "1\n2",
        "1\u00002",
        "1\u00012",
        "1\u007f2",
        "\u00e9",
        "1\r\n 2",
        "1\r\n\r\nGET /pets/%d-hidden HTTP/1.1\r\nHost: a\r\n\r\n",
        "1\r\nTransfer-Encoding: chunked",
        "1\r\nContent-Length: 0"
    };
    private static final String[] LENGTHS = {
        "%d",
        "0%d",
        "+%d",
        "-%d",
        " %d",
        "%d ",
        "%d,%d",
        "%d, %d",
        "0x%d",
        "%d.0",
        "",
        "x",
        "99999999999999999999",
        "%d;",
        "0",
        "1",
        "5",
        "%d\r\nX: 1",
        "%d\u0000"
    };
    private static final String[] TES = {
        "trailers", "gzip", "trailers, gzip", "trailers;q=1", "chunked", "", "trailers\r\nX: 1"
    };
    private static final String[] TRAILER_NAMES = {
        "x-trailer", "content-length", "host", "te", "cookie", "authorization", "x-api-key", "x-forwarded-for", "via",
        "transfer-encoding", "connection", ":path", ":method", ":status", "X-Trailer", "x trailer", "x\r\ntrailer", ""
    };
    /** Faults that a usual request is sent with, beside the ones that end the connection. */
    private static final Fault[] OF_CONNECTION = java.util.Arrays.stream(Fault.values())
            .filter(Fault::endsConnection)
            .toArray(Fault[]::new);

    private final Random random;

    Http2Mutations(Random random) {
        this.random = random;
    }

    /** One that leaves its connection as it is. */
    Http2Attempt next(int number) {
        List<Field> head = usual(number);
        List<String> data = body(number);
        int length = String.join("", data).length();
        if (random.nextBoolean()) {
            head.add(new Field("content-length", Integer.toString(length)));
        }
        List<Field> trailers = !data.isEmpty() && random.nextInt(8) == 0
                ? new ArrayList<>(List.of(new Field("x-trailer", "z")))
                : null;
        int changes = random.nextInt(5) < 2 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            trailers = change(number, head, length, trailers);
        }
        Fault fault = random.nextInt(40) == 0 ? Fault.RESET : Fault.NONE;
        return new Http2Attempt(number, head, data, trailers, fault);
    }

    /** One after which its connection may be over. */
    Http2Attempt last(int number) {
        return new Http2Attempt(
                number, usual(number), body(number), null, OF_CONNECTION[random.nextInt(OF_CONNECTION.length)]);
    }

    private static List<Field> usual(int number) {
        return new ArrayList<>(List.of(
                new Field(":method", "POST"),
                new Field(":scheme", "http"),
                new Field(":authority", "a"),
                new Field(":path", "/pets/" + number),
                new Field("x-number", Integer.toString(number))));
    }

    private List<String> body(int number) {
        String hidden = "GET /pets/" + number + "-hidden HTTP/1.1\r\nHost: a\r\n\r\n";
        String text = any(new String[] {"", "hello", hidden, "0\r\n\r\n" + hidden, "\r\n" + hidden, "5\r\nhello\r\n"});
        if (text.isEmpty()) {
            return random.nextInt(4) == 0 ? List.of("") : List.of();
        }
        List<String> data = new ArrayList<>();
        int from = 0;
        while (from < text.length() && data.size() < 3) {
            int to = from + random.nextInt(text.length() - from + 1);
            data.add(text.substring(from, to));
            from = to;
        }
        data.add(text.substring(from));
        // Several empty frames in a row are a flood.
        data.removeIf(String::isEmpty);
        return data;
    }

    private @Nullable List<Field> change(int number, List<Field> head, int length, @Nullable List<Field> trailers) {
        String path = "/pets/" + number;
        switch (random.nextInt(15)) {
            case 0 -> put(head, ":method", any(METHODS));
            case 1 -> put(head, ":scheme", any(SCHEMES));
            case 2 -> put(head, ":authority", any(AUTHORITIES));
            case 3 -> put(head, ":path", any(PATHS).replace("%s", path).replace("%%", "%"));
            case 4 -> again(head, anyPseudo(head));
            case 5 -> head.remove(anyPseudo(head));
            case 6 -> {
                Field late = anyPseudo(head);
                head.remove(late);
                head.add(late);
            }
            case 7 -> head.add(random.nextInt(head.size()), new Field(any(PSEUDO), random.nextBoolean() ? "/x" : "1"));
            case 8 -> {
                head.add(new Field("host", any(HOSTS)));
                if (random.nextInt(4) == 0) {
                    head.add(new Field("host", any(HOSTS)));
                }
            }
            case 9 -> head.add(new Field(any(NAMES), "1"));
            case 10 -> head.add(new Field("x-c", value(number)));
            case 11 -> {
                head.removeIf(field -> field.name().equals("content-length"));
                for (int i = random.nextInt(3) == 0 ? 2 : 1; i > 0; i--) {
                    head.add(new Field("content-length", any(LENGTHS).replace("%d", Integer.toString(length))));
                }
            }
            case 12 -> head.add(new Field("te", any(TES)));
            case 13 -> {
                head.add(new Field("cookie", "a=1"));
                head.add(new Field("cookie", "b=2"));
            }
            default -> {
                List<Field> more = trailers == null ? new ArrayList<>() : trailers;
                String name = any(TRAILER_NAMES);
                String value = random.nextInt(3) == 0 ? value(number) : "1";
                more.add(new Field(name, name.equals("te") ? "trailers" : value));
                return more;
            }
        }
        return trailers;
    }

    private static void put(List<Field> head, String name, String value) {
        head.replaceAll(field -> field.name().equals(name) ? new Field(name, value) : field);
    }

    private void again(List<Field> head, Field field) {
        head.add(head.indexOf(field), random.nextBoolean() ? field : new Field(field.name(), field.value() + "x"));
    }

    private String value(int number) {
        return any(VALUES).replace("%d", Integer.toString(number));
    }

    private Field anyPseudo(List<Field> head) {
        List<Field> pseudo =
                head.stream().filter(field -> field.name().startsWith(":")).toList();
        return pseudo.get(random.nextInt(pseudo.size()));
    }

    private String any(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
