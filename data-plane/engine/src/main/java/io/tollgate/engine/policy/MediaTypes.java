package io.tollgate.engine.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Media types that a policy speaks of (RFC 9110, 8.3.1): by name, all of a type ("text/*"), or all of a type with a structured
 * suffix ("application/*+json"). Immutable.
 *
 * <p>An event stream is only meant by its own name, since it is open for long, and gRPC never, since it has a coding of its own.
 *
 * @param names in lower case
 * @param wilds the others
 */
public record MediaTypes(Set<String> names, List<Wild> wilds) {
    private static final String TOKEN = "[A-Za-z0-9!#$&^_.-]{1,63}";
    private static final Pattern PATTERN =
            Pattern.compile(TOKEN + "/(\\*(\\+" + TOKEN + ")?|[A-Za-z0-9!#$&^_.+-]{1,63})");
    private static final String EVENT_STREAM = "text/event-stream";
    private static final String GRPC = "application/grpc";

    /** All types that begin and end so, in lower case. Immutable. */
    public record Wild(String start, String end) {}

    /** Copies both. */
    public MediaTypes {
        names = Set.copyOf(names);
        wilds = List.copyOf(wilds);
    }

    /** Whether this can be read. */
    public static boolean isPattern(String text) {
        return PATTERN.matcher(text).matches();
    }

    /** Each must be a pattern. */
    public static MediaTypes of(List<String> patterns) {
        Set<String> names = new HashSet<>();
        List<Wild> wilds = new ArrayList<>();
        for (String pattern : patterns) {
            String lower = pattern.toLowerCase(Locale.ROOT);
            int star = lower.indexOf('*');
            if (star < 0) {
                names.add(lower);
            } else {
                wilds.add(new Wild(lower.substring(0, star), lower.substring(star + 1)));
            }
        }
        return new MediaTypes(names, wilds);
    }

    /** Whether one of the patterns takes the value of a Content-Type field; parameters do not matter. */
    public boolean contain(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .trim()
                .toLowerCase(Locale.ROOT);
        if (type.startsWith(GRPC)) {
            return false;
        }
        if (names.contains(type)) {
            return true;
        }
        if (type.equals(EVENT_STREAM)) {
            return false;
        }
        for (Wild wild : wilds) {
            if (type.length() > wild.start.length() + wild.end.length()
                    && type.startsWith(wild.start)
                    && type.endsWith(wild.end)) {
                return true;
            }
        }
        return false;
    }
}
