package io.tollgate.node.accesslog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The Common Log Format of the NCSA server and its successors, and the Combined one, which adds Referer and User-Agent. The
 * third field is the consumer. What is no printable ASCII, quotes and backslashes are written as \xHH, as Apache does. Immutable.
 *
 * @param combined whether the two header fields follow
 */
record NcsaFormat(boolean combined, Redaction redaction) implements LogFormat {
    /** The header fields of the combined format, in the order of a line's values. */
    static final List<String> HEADERS = List.of("referer", "user-agent");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    @Override
    public void append(AccessLine line, StringBuilder out) {
        word(out, redaction.address(line.client()));
        out.append(" - ");
        word(out, line.consumer());
        out.append(" [");
        TIME.formatTo(Instant.ofEpochMilli(line.timeMillis()), out);
        out.append("] \"");
        escaped(out, line.method());
        out.append(' ');
        escaped(out, line.path());
        if (!line.query().isEmpty()) {
            out.append('?');
            escaped(out, redaction.query(line.query()));
        }
        out.append(' ').append(line.protocol()).append("\" ");
        out.append(line.status() == 0 ? "-" : Integer.toString(line.status()));
        out.append(' ');
        out.append(line.responseBytes() == 0 ? "-" : Long.toString(line.responseBytes()));
        if (combined) {
            for (String value : line.headers()) {
                out.append(" \"");
                escaped(out, value.isEmpty() ? "-" : value);
                out.append('"');
            }
        }
        out.append('\n');
    }

    private static void word(StringBuilder out, String text) {
        if (text.isEmpty()) {
            out.append('-');
        } else {
            escaped(out, text.replace(' ', '_'));
        }
    }

    private static void escaped(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                out.append(c);
            } else if (c <= 0xff) {
                out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append('?');
            }
        }
    }
}
