package io.tollgate.node.smuggling;

import io.tollgate.node.smuggling.Http2Attempt.Fault;
import io.tollgate.node.smuggling.Http2Attempt.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request of HTTP/2 as RFC 9113 says: what a service may see of it. Immutable functions. */
final class Http2Reading {
    private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path");
    /** RFC 9113, 8.2.2. */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "upgrade", "transfer-encoding");

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE =
            Pattern.compile("|[!-~\\x80-\\xff]|[!-~\\x80-\\xff][\\t -~\\x80-\\xff]*[!-~\\x80-\\xff]");
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^\"<>\\\\^`{|}#]]*");
    private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{0,5})?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern PLAIN_LENGTH = Pattern.compile("0|[1-9][0-9]*");
    private static final long NO_LENGTH = -1;
    private static final Pattern PLAIN = Pattern.compile("[ -~]*");

    /** What may become of a request. */
    enum Fate {
        /** It is well-formed in every eye: a service gets it. */
        PASSES,
        /** A service gets it as it reads, or does not. */
        MAY_PASS,
        /** No service sees it whole. */
        REFUSED
    }

    /**
     * What a request means. Immutable.
     *
     * @param seen what a service sees; null where nobody may see anything
     * @param authority where it is for
     */
    record Meaning(Fate fate, Reading.@Nullable Seen seen, String authority) {
        private static final Meaning NONE = new Meaning(Fate.REFUSED, null, "");
    }

    private Http2Reading() {}

    static Meaning of(Http2Attempt attempt) {
        Fault fault = attempt.fault();
        boolean isSecondMessage = fault == Fault.HEAD_BEHIND || fault == Fault.DATA_BEHIND;
        boolean isCutShort = fault == Fault.RESET || fault == Fault.HEAD_AMID;
        if (fault != Fault.NONE && !isSecondMessage && !isCutShort) {
            return Meaning.NONE;
        }
        Map<String, String> pseudo = new HashMap<>();
        if (!readFields(attempt.head(), pseudo)) {
            return Meaning.NONE;
        }
        String authority = authority(pseudo.get(":authority"), all(attempt.head(), "host"));
        String method = pseudo.getOrDefault(":method", "");
        String scheme = pseudo.getOrDefault(":scheme", "").toLowerCase(Locale.ROOT);
        String path = pseudo.getOrDefault(":path", "");
        if (authority == null
                || method.equals("CONNECT")
                || !TOKEN.matcher(method).matches()
                || !(scheme.equals("http") || scheme.equals("https"))
                || !TARGET.matcher(path).matches()) {
            return Meaning.NONE;
        }
        OptionalLong length = length(all(attempt.head(), "content-length"));
        if (length.isEmpty()) {
            return Meaning.NONE;
        }
        boolean isLengthTold = length.getAsLong() != NO_LENGTH;
        boolean isBadLate = fault != Fault.RESET && attempt.trailers() != null && !readFields(attempt.trailers(), null);
        if ((isCutShort || isBadLate) && !isLengthTold) {
            // Only the end would have told that the body is whole.
            return Meaning.NONE;
        }
        String body = attempt.body();
        if (isLengthTold && body.length() < length.getAsLong()) {
            return Meaning.NONE;
        }
        // Who is told the length may have it all before more than that comes, which then goes nowhere.
        boolean isTooLong = isLengthTold && body.length() > length.getAsLong();
        String taken = isTooLong ? body.substring(0, (int) length.getAsLong()) : body;
        boolean isUsual = fault == Fault.NONE && !isBadLate && !isTooLong && isUsual(attempt, method, scheme);
        return new Meaning(isUsual ? Fate.PASSES : Fate.MAY_PASS, new Reading.Seen(method, path, taken), authority);
    }

    /** Whether nothing about it is unusual, though it may be allowed. */
    private static boolean isUsual(Http2Attempt attempt, String method, String scheme) {
        List<Field> trailers = attempt.trailers();
        List<String> lengths = all(attempt.head(), "content-length");
        return lengths.size() <= 1
                && lengths.stream()
                        .allMatch(length -> PLAIN_LENGTH.matcher(length).matches())
                && scheme.equals("http")
                && !method.equals("TRACE")
                && attempt.head().stream()
                        .allMatch(field -> PLAIN.matcher(field.value()).matches())
                && (trailers == null
                        || trailers.stream()
                                .allMatch(field -> PLAIN.matcher(field.value()).matches()));
    }

    /** @param pseudo takes the pseudo-header fields; null in trailers, which have none */
    private static boolean readFields(List<Field> fields, @Nullable Map<String, String> pseudo) {
        boolean isRegular = false;
        for (Field field : fields) {
            String name = field.name();
            if (!VALUE.matcher(field.value()).matches() && !(pseudo != null && name.equals("content-length"))) {
                return false;
            }
            if (name.startsWith(":")) {
                if (pseudo == null || isRegular || !PSEUDO.contains(name) || pseudo.put(name, field.value()) != null) {
                    return false;
                }
                continue;
            }
            isRegular = true;
            if (!NAME.matcher(name).matches()
                    || OF_CONNECTIONS.contains(name)
                    || (name.equals("te") && !field.value().equals("trailers"))) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9113, 8.3.1; null where nothing is named, or two places are. */
    private static @Nullable String authority(@Nullable String authority, List<String> hosts) {
        if (hosts.size() > 1 || (authority == null && hosts.isEmpty())) {
            return null;
        }
        String named = authority == null ? hosts.get(0) : authority;
        boolean agrees =
                authority == null || hosts.isEmpty() || place(authority).equals(place(hosts.get(0)));
        return agrees && AUTHORITY.matcher(named).matches() ? named : null;
    }

    private static String place(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst(":(0*80)?$", "");
    }

    /**
     * {@link #NO_LENGTH} where none is told, empty where what is told is none. A recipient may take one for several equal ones (RFC 9110,
     * 8.6), with the white space of a list around them.
     */
    private static OptionalLong length(List<String> values) {
        long length = NO_LENGTH;
        for (String value : values) {
            for (String one : value.split(",", -1)) {
                String digits = one.strip();
                if (!LENGTH.matcher(digits).matches() || (length != NO_LENGTH && length != Long.parseLong(digits))) {
                    return OptionalLong.empty();
                }
                length = Long.parseLong(digits);
            }
        }
        return OptionalLong.of(length);
    }

    private static List<String> all(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .toList();
    }
}
