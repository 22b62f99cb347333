package io.tollgate.engine.signature;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One part of a request that a signature covers (RFC 9421, 2). Immutable.
 *
 * @param name of a field in lower case, or of what is derived, with an at sign
 * @param parameter name of the query parameter that {@code @query-param} is about, as it is signed; else empty
 */
public record Component(String name, String parameter) {
    /** What is derived of a request. {@code @status} is one of answers only. */
    private static final Set<String> DERIVED = Set.of(
            "@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query", "@query-param");

    private static final String QUERY_PARAMETER = "@query-param";

    /** What an item of a signature's list names; null when it is nothing that is known here. */
    static @Nullable Component of(InnerList.Item item) {
        String name = item.value();
        Map<String, BareItem> parameters = item.parameters();
        if (QUERY_PARAMETER.equals(name)) {
            return parameters.size() == 1 && parameters.get("name") instanceof BareItem.Text text
                    ? new Component(name, text.value())
                    : null;
        }
        // sf, key, bs, tr and req change what is signed, and none of them is understood here.
        return parameters.isEmpty() && isKnown(name) ? new Component(name, "") : null;
    }

    /** Whether this is the name of a field in lower case, or of something that is derived and needs no parameter. */
    public static boolean isKnown(String name) {
        if (name.startsWith("@")) {
            return DERIVED.contains(name) && !QUERY_PARAMETER.equals(name);
        }
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    /** Whether who signed this has signed the other, too (RFC 9421, 2.2). */
    boolean covers(String other) {
        return name.equals(other)
                || switch (name) {
                    case "@target-uri" ->
                        Set.of("@scheme", "@authority", "@path", "@query").contains(other);
                    case "@request-target" -> Set.of("@path", "@query").contains(other);
                    default -> false;
                };
    }

    /** Its value in a request (RFC 9421, 2.1 and 2.2); null when the request has none. */
    @Nullable
    String value(SignedMessage message) {
        return switch (name) {
            case "@method" -> message.method();
            case "@scheme" -> message.scheme();
            case "@authority" -> message.authority();
            case "@request-target" -> message.target();
            case "@path" -> path(message.target());
            case "@query" -> '?' + query(message.target());
            case "@target-uri" -> targetUri(message);
            case QUERY_PARAMETER -> queryParameter(query(message.target()));
            default -> field(message.fields(name));
        };
    }

    private static @Nullable String field(List<String> values) {
        if (values.isEmpty()) {
            return null;
        }
        StringBuilder all = new StringBuilder(values.get(0).strip());
        for (int i = 1; i < values.size(); i++) {
            all.append(", ").append(values.get(i).strip());
        }
        return all.toString();
    }

    private static String targetUri(SignedMessage message) {
        String target = message.target();
        int question = target.indexOf('?');
        return message.scheme() + "://" + message.authority() + path(target)
                + (question < 0 ? "" : target.substring(question));
    }

    private static String path(String target) {
        int end = target.indexOf('?');
        String path = end < 0 ? target : target.substring(0, end);
        int scheme = path.indexOf("://");
        if (!path.startsWith("/") && scheme > 0) {
            int start = path.indexOf('/', scheme + 3);
            path = start < 0 ? "" : path.substring(start);
        }
        return path.isEmpty() ? "/" : path;
    }

    private static String query(String target) {
        int question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }

    /** RFC 9421, 2.2.8: null also when the query has it twice. */
    private @Nullable String queryParameter(String query) {
        String found = null;
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (pair.isEmpty() || !parameter.equals(reencoded(key))) {
                continue;
            }
            if (found != null) {
                return null;
            }
            found = reencoded(equals < 0 ? "" : pair.substring(equals + 1));
        }
        return found;
    }

    /** Decoded as forms are, and encoded again so that all that could be written in two ways is written in one. */
    private static String reencoded(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low >= 0) {
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = (byte) (c == '+' ? ' ' : c);
            }
        }
        // What is no UTF-8 becomes the replacement character, as forms are decoded.
        byte[] utf8 = new String(bytes, 0, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(utf8.length);
        for (byte one : utf8) {
            char c = (char) (one & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "*-._".indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return out.toString();
    }

    /** How it is named in what is signed. */
    String identifier() {
        String text = new BareItem.Text(name).text();
        return parameter.isEmpty() ? text : text + ";name=" + new BareItem.Text(parameter).text();
    }
}
