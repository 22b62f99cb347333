package io.tollgate.node.smuggling;

import io.netty.handler.codec.http2.Http2Headers;
import io.tollgate.node.fixture.Http2Upstream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the heads and trailers that a service gets, where nothing may stand that is of another hop or of another request. Shared. */
final class Http2Sight {
    private static final Set<String> OF_CONNECTIONS =
            Set.of("keep-alive", "proxy-connection", "upgrade", "http2-settings", "x-smuggled");
    /** What a service may find behind a body; the others are of heads, or the gateway's own. */
    private static final Set<String> TRAILERS = Set.of("x-trailer");
    /** Each stands there once at most. */
    private static final Set<String> SINGLE =
            Set.of("host", "content-length", "transfer-encoding", "te", "cookie", "x-number", "x-forwarded-host");

    private static final Pattern NUMBER = Pattern.compile("^/pets/(\\d+)");
    private static final Pattern LINE = Pattern.compile("([^:]+): ?(.*)");

    private final List<String> wrong;
    private final Map<Integer, String> authorities = new ConcurrentHashMap<>();

    /** @param wrong takes what should not be */
    Http2Sight(List<String> wrong) {
        this.wrong = wrong;
    }

    /** A request of HTTP/1.1 came. */
    void onHttp1(Reading.Seen seen, String text) {
        int end = text.indexOf("\r\n\r\n");
        List<String[]> fields = fields(text.substring(text.indexOf("\r\n") + 2, end));
        head(seen.target(), fields, text);
        String coding = value(fields, "transfer-encoding");
        if (!coding.isEmpty()
                && (!coding.equalsIgnoreCase("chunked")
                        || !value(fields, "content-length").isEmpty())) {
            wrong.add("framed twice: " + text);
        }
        int last = text.lastIndexOf("\r\n0\r\n");
        if (!coding.isEmpty() && last >= end) {
            for (String[] trailer : fields(text.substring(last + 5, text.length() - 2))) {
                if (!TRAILERS.contains(trailer[0])) {
                    wrong.add("trailer " + trailer[0] + ": " + text);
                }
            }
        }
    }

    /** A request of HTTP/2 came; its number. */
    int onHttp2(Http2Upstream.Request request) {
        List<String[]> fields = new ArrayList<>();
        Http2Headers headers = request.headers();
        headers.forEach(field -> fields.add(
                new String[] {field.getKey().toString(), field.getValue().toString()}));
        int pseudo = 0;
        for (String[] field : fields) {
            pseudo += field[0].startsWith(":") ? 1 : 0;
            if (!field[0].equals(field[0].toLowerCase(Locale.ROOT)) || field[0].equals("transfer-encoding")) {
                wrong.add("field " + field[0] + ": " + headers);
            }
        }
        if (pseudo != 4) {
            wrong.add("pseudo-header fields: " + headers);
        }
        fields.removeIf(field -> field[0].startsWith(":"));
        return head(String.valueOf(headers.path()), fields, headers.toString());
    }

    static Reading.Seen seen(Http2Upstream.Request request) {
        return new Reading.Seen(
                String.valueOf(request.headers().method()),
                String.valueOf(request.headers().path()),
                request.body());
    }

    /** What the service was told of the host is what the client said. */
    void compare(Http2Attempt attempt, Http2Reading.Meaning meaning) {
        String told = authorities.get(attempt.number());
        if (told != null && !told.equalsIgnoreCase(meaning.authority())) {
            wrong.add("for " + told + " instead of " + meaning.authority() + ": " + attempt);
        }
    }

    private int head(String target, List<String[]> fields, String text) {
        Set<String> names = new HashSet<>();
        for (String[] field : fields) {
            boolean isOfHop = OF_CONNECTIONS.contains(field[0])
                    || field[0].startsWith(":")
                    || (field[0].equals("te") && !field[1].equals("trailers"))
                    || (field[0].equals("connection") && !field[1].equalsIgnoreCase("te"));
            if (isOfHop || (!names.add(field[0]) && SINGLE.contains(field[0]))) {
                wrong.add("field " + field[0] + ": " + text);
            }
        }
        Matcher number = NUMBER.matcher(target);
        if (!number.find() || !number.group(1).equals(value(fields, "x-number"))) {
            wrong.add("another request's number: " + text);
            return -1;
        }
        int found = Integer.parseInt(number.group(1));
        authorities.put(found, value(fields, "x-forwarded-host"));
        return found;
    }

    private List<String[]> fields(String section) {
        List<String[]> fields = new ArrayList<>();
        for (String line : section.isEmpty() ? new String[0] : section.split("\r\n")) {
            Matcher field = LINE.matcher(line);
            if (!field.matches()) {
                wrong.add("no field: " + line);
                continue;
            }
            fields.add(new String[] {field.group(1).toLowerCase(Locale.ROOT), field.group(2)});
        }
        return fields;
    }

    private static String value(List<String[]> fields, String name) {
        for (String[] field : fields) {
            if (field[0].equals(name)) {
                return field[1];
            }
        }
        return "";
    }
}
