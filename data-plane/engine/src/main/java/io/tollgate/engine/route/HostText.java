package io.tollgate.engine.route;

import org.jspecify.annotations.Nullable;

/** Reads the Host field (RFC 9110, 7.2). Immutable functions. */
public final class HostText {
    private static final int HOST_CHARACTERS_MAX = 253;

    private HostText() {}

    /** The host in lower case without port and final dot; null when the field is not valid. */
    public static @Nullable String parse(String field) {
        int length = field.length();
        if (length == 0) {
            return "";
        }
        if (field.charAt(0) == '[') {
            int close = field.indexOf(']');
            return close > 0 && isLiteral(field, close) && isPort(field, close + 1) ? lower(field, close + 1) : null;
        }
        int colon = field.indexOf(':');
        int end = colon < 0 ? length : colon;
        if (!isPort(field, end) || !isName(field, end)) {
            return null;
        }
        return lower(field, end > 1 && field.charAt(end - 1) == '.' ? end - 1 : end);
    }

    /**
     * Whether two fields name the same place: the same host in any case, and the same port. Where either says no port the
     * scheme's own is meant.
     */
    public static boolean isSame(String one, String other, int schemePort) {
        String host = parse(one);
        return host != null && host.equals(parse(other)) && port(one, schemePort) == port(other, schemePort);
    }

    private static int port(String field, int otherwise) {
        int colon = field.lastIndexOf(':');
        return colon > field.lastIndexOf(']') && colon + 1 < field.length()
                ? Integer.parseInt(field.substring(colon + 1))
                : otherwise;
    }

    private static boolean isPort(String field, int colon) {
        if (colon == field.length()) {
            return true;
        }
        if (field.charAt(colon) != ':' || field.length() - colon > 6) {
            return false;
        }
        for (int i = colon + 1; i < field.length(); i++) {
            if (field.charAt(i) < '0' || field.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLiteral(String field, int close) {
        for (int i = 1; i < close; i++) {
            char c = field.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return false;
            }
        }
        return close > 1;
    }

    private static boolean isName(String field, int end) {
        if (end == 0 || end > HOST_CHARACTERS_MAX) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char c = field.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '.' && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static String lower(String field, int end) {
        for (int i = 0; i < end; i++) {
            char c = field.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return field.substring(0, end).toLowerCase(java.util.Locale.ROOT);
            }
        }
        return field.substring(0, end);
    }
}
