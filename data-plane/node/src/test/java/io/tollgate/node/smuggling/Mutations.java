package io.tollgate.node.smuggling;

import java.util.Random;

/** Requests that are wrong in one to three ways that are known to divide programs, each hiding another in its body. One thread. */
final class Mutations {
    private static final String[] LENGTHS = {
        "%d",
        "%d, %d",
        "+%d",
        "-%d",
        "0%d",
        " %d",
        "%d ",
        "%d;",
        "0x%x",
        "%d.0",
        "%d\t",
        "\u000b%d",
        "99999999999999999999",
        "",
        "%d,0"
    };
    private static final String[] CODINGS = {
        "chunked",
        "Chunked",
        "chunked, identity",
        "identity, chunked",
        "xchunked",
        "chunked;q=1",
        "\"chunked\"",
        "chunked,",
        ",chunked",
        "gzip, chunked",
        "identity",
        "\u000bchunked",
        "chunked\u000b",
        "chunked\t",
        "",
        "chunked chunked",
        "chunked\u0000"
    };
    private static final String[] FIELD_FORMS = {
        "%s: %s\r\n",
        "%s : %s\r\n",
        "%s\t: %s\r\n",
        "%s:\r\n %s\r\n",
        "%s:%s\r\n",
        " %s: %s\r\n",
        "%s: %s\n",
        "%s: %s\r",
        "X: y\r\n%s: %s\r\n",
        "X: y\n%s: %s\r\n",
        "X: y\r%s: %s\r\n",
        "%s\u0000: %s\r\n",
        "%s: \u0000%s\r\n",
        "\u0000%s: %s\r\n",
        "%s:\t%s\t\r\n",
        "%s(: %s\r\n",
        "%s\u00e9: %s\r\n"
    };
    private static final String[] CHUNK_SIZES = {
        "%x",
        "0%x",
        "00000000000000000%x",
        "0x%x",
        "+%x",
        "-%x",
        "%x ",
        " %x",
        "%x;a=b",
        "%x;a=\"b\"",
        "%x;\n",
        "%x;a\rb",
        "%x\t",
        "g",
        "%x,",
        "",
        "%x;\u0000",
        "fffffffffffffffff%x",
        "%x\u000b"
    };
    private static final String[] LINE_ENDS = {"\r\n", "\n", "\r", "\r\r\n", "\n\r\n", "", " \r\n"};
    private static final String[] LINES = {
        "%s %s HTTP/1.1",
        "%s  %s HTTP/1.1",
        "%s %s  HTTP/1.1",
        "%s %s HTTP/1.1 ",
        " %s %s HTTP/1.1",
        "%s\t%s HTTP/1.1",
        "%s %s HTTP/1.0",
        "%s %s HTTP/1.2",
        "%s %s HTTP/2.0",
        "%s %s http/1.1",
        "%s %s HTTP/01.1",
        "%s %s HTTP/1.1x",
        "%s %s",
        "%s http://a%s HTTP/1.1",
        "%s a%s HTTP/1.1",
        "%s %s\u0000 HTTP/1.1",
        "%s %s#f HTTP/1.1",
        "%s %s\\ HTTP/1.1",
        "%s %s x HTTP/1.1",
        "\r\n%s %s HTTP/1.1",
        "\u0001%s %s HTTP/1.1",
        "\n%s %s HTTP/1.1",
        "%s\u0000 %s HTTP/1.1",
        "(%s) %s HTTP/1.1"
    };
    private static final String[] HOSTS = {
        "Host: a\r\n",
        "",
        "Host: a\r\nHost: a\r\n",
        "Host: a\r\nHost: b\r\n",
        "Host: a, b\r\n",
        "Host: a/b\r\n",
        "Host: a@b\r\n",
        "Host:\r\n",
        "Host : a\r\n",
        "Host: a b\r\n",
        "Host: a\r\n\tb\r\n",
        "host: a\r\nHOST: b\r\n",
        "Host: a\u0000\r\n"
    };

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    /** The bytes of a connection: the mutated request with this number, then a good one that ends it. */
    String connection(int number) {
        String target = "/pets/" + number;
        String hidden = "GET " + target + "-hidden HTTP/1.1\r\nHost: a\r\n\r\n";
        String line = String.format(mostly(LINES), random.nextInt(20) == 0 ? "get" : "POST", target);
        String host = mostly(HOSTS);
        String frame;
        String body;
        switch (random.nextInt(4)) {
            case 0 -> {
                frame = length(hidden.length());
                body = hidden;
            }
            case 1 -> {
                frame = coding();
                body = chunked(hidden);
            }
            case 2 -> {
                boolean lengthFirst = random.nextBoolean();
                frame = lengthFirst ? length(lengthOf(hidden)) + coding() : coding() + length(lengthOf(hidden));
                body = random.nextBoolean() ? chunked(hidden) : "0\r\n\r\n" + hidden;
            }
            default -> {
                frame = length(hidden.length()) + (random.nextBoolean() ? length(0) : "");
                body = hidden;
            }
        }
        String head = line + mostlyFirst(LINE_ENDS, 30) + host + "X-Filler: y\r\n" + frame + mostlyFirst(LINE_ENDS, 40);
        return head + body + "GET " + target + "-end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    }

    private int lengthOf(String hidden) {
        return switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> 5;
            default -> hidden.length();
        };
    }

    private String length(int length) {
        String value = mostlyFirst(LENGTHS, 3)
                .replace("%d", Integer.toString(length))
                .replace("%x", Integer.toHexString(length));
        return field("Content-Length", value);
    }

    private String coding() {
        return field(random.nextInt(20) == 0 ? "Transfer_Encoding" : "Transfer-Encoding", mostlyFirst(CODINGS, 3));
    }

    private String field(String name, String value) {
        return String.format(mostlyFirst(FIELD_FORMS, 4), name, value);
    }

    private String chunked(String content) {
        String size = mostlyFirst(CHUNK_SIZES, 3).replace("%x", Integer.toHexString(content.length()));
        return size
                + mostlyFirst(LINE_ENDS, 10)
                + content
                + mostlyFirst(LINE_ENDS, 10)
                + mostlyFirst(new String[] {"0", "00", "0;x", "0 ", "-0"}, 10)
                + mostlyFirst(LINE_ENDS, 20)
                + (random.nextInt(10) == 0 ? field("X-Trailer", "z") : "")
                + mostlyFirst(LINE_ENDS, 20);
    }

    private String mostly(String[] from) {
        return mostlyFirst(from, 3);
    }

    /** The first one, and one time in {@code odds} any of them. */
    private String mostlyFirst(String[] from, int odds) {
        return random.nextInt(odds) == 0 ? from[random.nextInt(from.length)] : from[0];
    }
}
