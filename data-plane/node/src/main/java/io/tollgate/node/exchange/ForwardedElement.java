package io.tollgate.node.exchange;

import io.tollgate.engine.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One element of a Forwarded field (RFC 7239, 4): what one proxy says of one hop. Immutable.
 *
 * @param node value of {@code for}; empty when it says none
 * @param proto value of {@code proto}; empty when it says none
 * @param host value of {@code host}; empty when it says none
 */
record ForwardedElement(String node, String proto, String host) {
    /** The elements of one field line; none when a part of it cannot be read. */
    static List<ForwardedElement> parse(String line) {
        List<ForwardedElement> elements = new ArrayList<>();
        Reader reader = new Reader(line);
        while (true) {
            ForwardedElement element = reader.element();
            if (element == null) {
                return List.of();
            }
            elements.add(element);
            if (reader.isAtEnd()) {
                return elements;
            }
            if (!reader.skip(',')) {
                return List.of();
            }
        }
    }

    /**
     * The address of a node: 4 or 16 bytes. A port behind it is dropped; an IPv6 address may stand in brackets. Null when it
     * is unknown, obfuscated (RFC 7239, 6.3), or no address.
     */
    static byte @Nullable [] address(String node) {
        String text = node;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0 || (end + 1 < text.length() && text.charAt(end + 1) != ':')) {
                return null;
            }
            text = text.substring(1, end);
        } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') >= 0) {
            text = text.substring(0, text.indexOf(':'));
        }
        return IpAddress.parse(text);
    }

    /** Reads one field line. One thread. */
    private static final class Reader {
        private final String line;
        private int at;

        Reader(String line) {
            this.line = line;
        }

        boolean isAtEnd() {
            skipSpace();
            return at == line.length();
        }

        boolean skip(char c) {
            skipSpace();
            if (at < line.length() && line.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        @Nullable
        ForwardedElement element() {
            String node = "";
            String proto = "";
            String host = "";
            do {
                skipSpace();
                String name = token().toLowerCase(Locale.ROOT);
                if (name.isEmpty() || at == line.length() || line.charAt(at) != '=') {
                    return null;
                }
                at++;
                String value = value();
                if (value == null) {
                    return null;
                }
                switch (name) {
                    case "for" -> node = value;
                    case "proto" -> proto = value;
                    case "host" -> host = value;
                    default -> {
                        // "by", and extensions.
                    }
                }
            } while (skip(';'));
            return new ForwardedElement(node, proto, host);
        }

        private @Nullable String value() {
            if (at == line.length() || line.charAt(at) != '"') {
                String token = token();
                return token.isEmpty() ? null : token;
            }
            StringBuilder value = new StringBuilder();
            for (at++; at < line.length(); at++) {
                char c = line.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && at + 1 < line.length()) {
                    at++;
                    c = line.charAt(at);
                }
                value.append(c);
            }
            return null;
        }

        // Some proxies leave out the quotes around an address with a port or in brackets.
        private String token() {
            int start = at;
            while (at < line.length() && ",;= \t\"".indexOf(line.charAt(at)) < 0) {
                at++;
            }
            return line.substring(start, at);
        }

        private void skipSpace() {
            while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
                at++;
            }
        }
    }
}
