package io.tollgate.engine.compile;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What names may look like, those of objects and those of header fields. Immutable. */
final class NameText {
    static final String NAME_EXPECTED =
            "1 to 63 of a-z, 0-9, dot, dash and underscore, a letter or digit first and last";
    static final String HEADER_EXPECTED = "a header name of 1 to 64 characters that does not steer the connection";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
    // A policy that read or wrote one of these would change where a message ends or where it goes.
    private static final Set<String> STEERING = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private NameText() {}

    static void check(String name, ObjectProblems problems) {
        if (!NAME.matcher(name).matches()) {
            problems.add("/name", name, NAME_EXPECTED);
        }
    }

    static boolean isHeader(String name) {
        return TOKEN.matcher(name).matches() && !STEERING.contains(name.toLowerCase(Locale.ROOT));
    }
}
