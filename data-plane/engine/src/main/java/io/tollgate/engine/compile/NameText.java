package io.tollgate.engine.compile;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What names may look like, those of objects and those of header fields. Immutable. */
final class NameText {
    static final String NAME_EXPECTED =
            "1 to 63 of a-z, 0-9, dot, dash and underscore, a letter or digit first and last";
    static final String EDITABLE_EXPECTED =
            "a header name of 1 to 64 characters that neither steers the connection nor tells where a request came from";
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
            "sec-websocket-accept",
            "sec-websocket-key",
            "sec-websocket-version",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    // What the gateway writes itself about where a message came from; what a client or a route said would be mistaken
    // for it.
    private static final Set<String> ORIGIN =
            Set.of("forwarded", "http2-settings", "proxy-authenticate", "proxy-authorization", "via", "x-real-ip");

    private NameText() {}

    static void check(String name, ObjectProblems problems) {
        if (!NAME.matcher(name).matches()) {
            problems.add("/name", name, NAME_EXPECTED);
        }
    }

    /** Whether a route may change or answer with this field: it steers no connection and tells no origin. */
    static boolean isEditable(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return isHeader(name) && !ORIGIN.contains(lower) && !lower.startsWith("x-forwarded-");
    }

    static boolean isHeader(String name) {
        return TOKEN.matcher(name).matches() && !STEERING.contains(name.toLowerCase(Locale.ROOT));
    }
}
