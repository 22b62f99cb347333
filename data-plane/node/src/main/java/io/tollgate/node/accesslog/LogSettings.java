package io.tollgate.node.accesslog;

import io.tollgate.node.setting.NearestName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is logged of which requests, how and where. Immutable.
 *
 * @param fields of a line in JSON
 * @param headers request header fields whose values are logged, in lower case
 * @param tellsQuery whether queries are logged
 */
public record LogSettings(
        LogDestination destination,
        Form form,
        List<LogField> fields,
        List<String> headers,
        boolean tellsQuery,
        Redaction redaction,
        SampleRules sample) {
    private static final String KEY = "TOLLGATE_ACCESS_LOG";
    private static final String USUAL_MASK =
            "access_token,api_key,api-key,apikey,client_secret,code,id_token,key,password,"
                    + "refresh_token,secret,sig,signature,token";
    private static final String HEADER = "header.";
    private static final int HEADERS_MAX = 32;
    private static final long FILE_BYTES = 100L * 1024 * 1024;
    private static final int FILES = 5;
    private static final int FILES_MAX = 1_000;
    private static final Pattern SYSLOG =
            Pattern.compile("syslog\\+(udp|tcp)://(\\[[0-9a-fA-F:.]+]|[^:/\\[\\]]+):([0-9]{1,5})");
    private static final Pattern HEADER_NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");
    /** Fields that prove who somebody is: their place is in no log. */
    private static final Set<String> SECRET_HEADERS =
            Set.of("authorization", "cookie", "proxy-authorization", "x-api-key");

    /** How a line is written. */
    enum Form {
        JSON,
        COMMON,
        COMBINED
    }

    /** Copies the lists. */
    public LogSettings {
        fields = List.copyOf(fields);
        headers = List.copyOf(headers);
    }

    /** JSON with the usual fields of every request, to this destination. */
    public static LogSettings usual(LogDestination destination) {
        return new LogSettings(
                destination,
                Form.JSON,
                LogField.USUAL,
                List.of(),
                false,
                new Redaction(false, Set.of()),
                SampleRules.ALL);
    }

    /**
     * Reads them from their texts. Throws IllegalArgumentException that names the key and what was expected.
     *
     * @param where TOLLGATE_ACCESS_LOG, which is not off
     * @param value the text of a key; empty when it is absent
     */
    public static LogSettings parse(String where, UnaryOperator<String> value) {
        Form form = form(value.apply(KEY + "_FORMAT"));
        boolean tellsQuery = choice(KEY + "_QUERY", value, "off", "on");
        String listed = value.apply(KEY + "_FIELDS");
        if (!listed.isEmpty() && form != Form.JSON) {
            throw new IllegalArgumentException(KEY + "_FIELDS is for the format json");
        }
        List<LogField> fields = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        if (form == Form.COMBINED) {
            headers.addAll(NcsaFormat.HEADERS);
        }
        for (String name :
                listed.isEmpty() ? LogField.USUAL.stream().map(LogField::word).toList() : list(listed)) {
            if (name.startsWith(HEADER)) {
                headers.add(header(name.substring(HEADER.length()).toLowerCase(Locale.ROOT)));
            } else {
                fields.add(field(name));
            }
        }
        if (headers.size() > HEADERS_MAX) {
            throw new IllegalArgumentException(KEY + "_FIELDS has more than " + HEADERS_MAX + " header fields");
        }
        if (!listed.isEmpty() && fields.contains(LogField.QUERY) && !tellsQuery) {
            throw new IllegalArgumentException(KEY + "_FIELDS names query (expected: " + KEY + "_QUERY=on with it)");
        }
        return new LogSettings(
                destination(where, value), form, fields, headers, tellsQuery, redaction(value), sample(value));
    }

    LogFormat format() {
        return switch (form) {
            case JSON -> new JsonFormat(fields, headers, redaction);
            case COMMON -> new NcsaFormat(false, redaction);
            case COMBINED -> new NcsaFormat(true, redaction);
        };
    }

    private static Form form(String text) {
        return switch (text) {
            case "", "json" -> Form.JSON;
            case "common" -> Form.COMMON;
            case "combined" -> Form.COMBINED;
            default ->
                throw new IllegalArgumentException(KEY + "_FORMAT " + text + " (expected: json, common or combined)");
        };
    }

    private static LogField field(String name) {
        int index = LogField.words().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException(KEY + "_FIELDS " + name + " is no field (nearest: "
                    + NearestName.of(name, LogField.words()) + "; header.NAME for a header field)");
        }
        return LogField.values()[index];
    }

    private static String header(String name) {
        if (!HEADER_NAME.matcher(name).matches() || SECRET_HEADERS.contains(name)) {
            throw new IllegalArgumentException(
                    KEY + "_FIELDS " + HEADER + name + " (expected: the name of a header field that holds no secret)");
        }
        return name;
    }

    private static Redaction redaction(UnaryOperator<String> value) {
        String masked = value.apply(KEY + "_MASK");
        Set<String> names = new LinkedHashSet<>();
        for (String name : list(masked.isEmpty() ? USUAL_MASK : masked)) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
        return new Redaction(choice(KEY + "_ADDRESS", value, "full", "truncated"), names);
    }

    private static SampleRules sample(UnaryOperator<String> value) {
        String text = value.apply(KEY + "_SAMPLE");
        try {
            return text.isEmpty() ? SampleRules.ALL : SampleRules.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(KEY + "_SAMPLE " + e.getMessage(), e);
        }
    }

    private static LogDestination destination(String where, UnaryOperator<String> value) {
        if (where.equals("stdout")) {
            return new LogDestination.StandardOutput();
        }
        if (where.startsWith("syslog")) {
            Matcher syslog = SYSLOG.matcher(where);
            if (!syslog.matches() || Integer.parseInt(syslog.group(3)) > 65_535) {
                throw new IllegalArgumentException(
                        KEY + " " + where + " (expected: syslog+udp://HOST:PORT or syslog+tcp://HOST:PORT)");
            }
            String host = syslog.group(2).replaceAll("[\\[\\]]", "");
            return new LogDestination.Syslog(syslog.group(1).equals("udp"), host, Integer.parseInt(syslog.group(3)));
        }
        return new LogDestination.LogFile(
                Path.of(where), number(KEY + "_FILE_BYTES_MAX", value, FILE_BYTES, Long.MAX_VALUE), (int)
                        number(KEY + "_FILES_MAX", value, FILES, FILES_MAX));
    }

    private static long number(String key, UnaryOperator<String> value, long otherwise, long max) {
        String text = value.apply(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw outside(key, text, max);
        }
        throw outside(key, text, max);
    }

    private static IllegalArgumentException outside(String key, String text, long max) {
        return new IllegalArgumentException(key + " " + text + " (expected: a number, "
                + (max == Long.MAX_VALUE ? "0 or more)" : "0 to " + max + ")"));
    }

    /** False for the first word, which is the default, true for the second. */
    private static boolean choice(String key, UnaryOperator<String> value, String no, String yes) {
        String text = value.apply(key);
        if (!text.isEmpty() && !text.equals(no) && !text.equals(yes)) {
            throw new IllegalArgumentException(key + " " + text + " (expected: " + no + " or " + yes + ")");
        }
        return text.equals(yes);
    }

    private static List<String> list(String text) {
        return Arrays.asList(text.split("\\s*,\\s*", -1));
    }
}
