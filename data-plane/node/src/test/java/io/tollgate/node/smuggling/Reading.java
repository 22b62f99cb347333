package io.tollgate.node.smuggling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of requests as RFC 9112 says, and no other way: the first fault ends the reading. One thread.
 *
 * <p>Only origin-form targets are requests here (and, read tolerantly, absolute-form ones that agree with Host), a transfer coding is nothing but one "chunked", and no request has two frames. A
 * strict reading takes what a sender may send. A tolerant one also takes what a recipient may: white space around the parts of the
 * request line (3), empty lines before it (2.2), lines that go on in the next one (5.2), an empty Host (3.2), chunk sizes with any
 * number of zeros in front, and the first of several lengths of HTTP/1.0, after which nothing more is read.
 */
final class Reading {
    private static final String METHOD = "([A-Za-z0-9!#$%&'*+.^_`|~-]+)";
    private static final String TARGET = "(/[!-~&&[^\"<>\\\\^`{|}#]]*)";
    private static final Pattern REQUEST_LINE = Pattern.compile(METHOD + "( )" + TARGET + " HTTP/1\\.([01])");
    private static final String ABSOLUTE = "(?:[hH][tT][tT][pP]://([A-Za-z0-9.-]+(?::[0-9]{1,5})?))?";
    private static final Pattern TOLERANT_LINE =
            Pattern.compile("[\\t ]*" + METHOD + "[\\t ]+" + ABSOLUTE + TARGET + "[\\t ]+HTTP/1\\.([01])[\\t ]*");
    private static final Pattern FIELD = Pattern.compile(
            "([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \\t]*(|[!-~\\x80-\\xff]|[!-~\\x80-\\xff][\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])[ \\t]*");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,7})[ \\t]*(;[\\t -~\\x80-\\xff]*)?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");

    /** One request. Immutable. */
    record Seen(String method, String target, String body) {}

    private final String bytes;
    private final boolean tolerant;
    private int at;

    private Reading(String bytes, boolean tolerant) {
        this.bytes = bytes;
        this.tolerant = tolerant;
    }

    /** @param bytes one character per octet */
    static Reading strict(String bytes) {
        return new Reading(bytes, false);
    }

    /** @param bytes one character per octet */
    static Reading tolerant(String bytes) {
        return new Reading(bytes, true);
    }

    /** The requests before the first fault, or the end. */
    List<Seen> all() {
        List<Seen> seen = new ArrayList<>();
        for (Seen next = next(); next != null; next = next()) {
            seen.add(next);
        }
        return seen;
    }

    /** Whether all was read: there is no fault, and nothing is cut short. */
    boolean isAtEnd() {
        return at == bytes.length();
    }

    /** The next one; null where there is none that is whole and well-formed. */
    @Nullable
    Seen next() {
        int start = at;
        Seen request = read();
        if (request == null) {
            at = start;
        }
        return request;
    }

    private @Nullable Seen read() {
        while (tolerant && at < bytes.length() && "\r\n".indexOf(bytes.charAt(at)) >= 0) {
            at++;
        }
        String line = line();
        Matcher first = (tolerant ? TOLERANT_LINE : REQUEST_LINE).matcher(line == null ? "" : line);
        if (!first.matches()) {
            return null;
        }
        boolean isOld = first.group(4).equals("0");
        String authority = tolerant ? first.group(2) : null;
        List<String> hosts = new ArrayList<>();
        List<String> lengths = new ArrayList<>();
        List<String> codings = new ArrayList<>();
        if (!fields((name, value) -> {
            switch (name.toLowerCase(Locale.ROOT)) {
                case "host" -> hosts.add(value);
                case "content-length" -> lengths.add(value);
                case "transfer-encoding" -> codings.add(value);
                default -> {
                    // Says nothing of the frame.
                }
            }
        })) {
            return null;
        }
        boolean hostFits = hosts.size() == 1
                ? HOST.matcher(hosts.get(0)).matches()
                        || (tolerant && hosts.get(0).isEmpty())
                : isOld && hosts.isEmpty();
        if (tolerant && isOld && codings.isEmpty() && lengths.size() > 1) {
            lengths.subList(1, lengths.size()).clear();
        }
        if (authority != null && (hosts.size() != 1 || !place(authority).equals(place(hosts.get(0))))) {
            return null;
        }
        if (!hostFits || lengths.size() + codings.size() > 1) {
            return null;
        }
        String body = "";
        if (!codings.isEmpty()) {
            body = isOld || !codings.get(0).equalsIgnoreCase("chunked") ? null : chunks();
        } else if (!lengths.isEmpty()) {
            body = lengths.get(0).matches("[0-9]{1,9}") ? take(Integer.parseInt(lengths.get(0))) : null;
        }
        return body == null ? null : new Seen(first.group(1), first.group(3), body);
    }

    private static String place(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst(":0*80$", "");
    }

    private interface Field {
        void read(String name, String value);
    }

    private boolean fields(Field each) {
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                return true;
            }
            while (tolerant && at < bytes.length() && "\t ".indexOf(bytes.charAt(at)) >= 0) {
                String more = rawLine();
                // What is at its ends and no text is dropped, whatever it is.
                if (more == null || more.trim().indexOf('\0') >= 0) {
                    return false;
                }
                line = (line + " " + more.trim()).stripTrailing();
            }
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                return false;
            }
            each.read(field.group(1), field.group(2));
        }
        return false;
    }

    private @Nullable String chunks() {
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = line();
            String digits = line == null ? "" : tolerant ? line.replaceFirst("^0+(?=[0-9A-Fa-f])", "") : line;
            Matcher chunk = CHUNK.matcher(digits);
            if (!chunk.matches()) {
                return null;
            }
            int size = Integer.parseInt(chunk.group(1), 16);
            if (size == 0) {
                return fields((name, value) -> {}) ? body.toString() : null;
            }
            String data = take(size);
            if (data == null || !"".equals(line())) {
                return null;
            }
            body.append(data);
        }
    }

    private @Nullable String take(int length) {
        if (bytes.length() - at < length) {
            return null;
        }
        at += length;
        return bytes.substring(at - length, at);
    }

    /** Up to CRLF, which alone ends a line; null when there is none or something else looks like one. */
    private @Nullable String line() {
        String line = rawLine();
        return line == null || line.indexOf('\0') >= 0 ? null : line;
    }

    private @Nullable String rawLine() {
        int end = bytes.indexOf("\r\n", at);
        String line = end < 0 ? "\n" : bytes.substring(at, end);
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            return null;
        }
        at = end + 2;
        return line;
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
