package io.tollgate.engine.signature;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads structured fields (RFC 9651): dictionaries of inner lists, and dictionaries of byte sequences. Stricter than it must be: no key
 * twice, in dictionaries and parameters alike, no decimals, dates and display strings, which no signature has. One use, one thread.
 *
 * <p>The grammar is that of RFC 9651, 4.2, each production one method; {@link Malformed} leaves all of them at once.
 */
final class StructuredText {
    /** Members of a dictionary, items of a list, parameters of an item. */
    static final int MEMBERS_MAX = 32;

    private static final int INTEGER_DIGITS_MAX = 15;

    private final String text;
    private int at;

    private StructuredText(String text) {
        this.text = text;
    }

    /** The text is no such field; caught where it began. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super(null, null, false, false);
        }
    }

    /** A dictionary whose members are inner lists of texts, in its order; null when the text is none. */
    static @Nullable Map<String, InnerList> innerLists(String field) {
        try {
            return new StructuredText(field).dictionary(StructuredText::innerList);
        } catch (Malformed none) {
            return null;
        }
    }

    /** A dictionary whose members are byte sequences; null when the text is none. */
    static @Nullable Map<String, byte[]> byteSequences(String field) {
        try {
            return new StructuredText(field).dictionary(reader -> {
                BareItem value = reader.bare();
                if (!(value instanceof BareItem.Bytes bytes)) {
                    throw new Malformed();
                }
                reader.parameters();
                return Base64.getDecoder().decode(bytes.base64());
            });
        } catch (Malformed none) {
            return null;
        }
    }

    /** Reads one value where the reader stands. */
    @FunctionalInterface
    private interface Production<T> {
        T read(StructuredText from) throws Malformed;
    }

    private <T> Map<String, T> dictionary(Production<T> member) throws Malformed {
        Map<String, T> members = new LinkedHashMap<>();
        skip(" ");
        while (at < text.length()) {
            String key = key();
            require('=');
            if (members.put(key, member.read(this)) != null || members.size() > MEMBERS_MAX) {
                throw new Malformed();
            }
            skip(" \t");
            if (at == text.length()) {
                return members;
            }
            require(',');
            skip(" \t");
            if (at == text.length()) {
                throw new Malformed();
            }
        }
        return members;
    }

    private InnerList innerList() throws Malformed {
        require('(');
        List<InnerList.Item> items = new ArrayList<>();
        skip(" ");
        while (!take(')')) {
            if (!(bare() instanceof BareItem.Text name) || items.size() == MEMBERS_MAX) {
                throw new Malformed();
            }
            items.add(new InnerList.Item(name.value(), parameters()));
            if (peek() != ' ' && peek() != ')') {
                throw new Malformed();
            }
            skip(" ");
        }
        return new InnerList(List.copyOf(items), parameters());
    }

    private Map<String, BareItem> parameters() throws Malformed {
        Map<String, BareItem> parameters = new LinkedHashMap<>();
        while (take(';')) {
            skip(" ");
            String key = key();
            BareItem value = take('=') ? bare() : new BareItem.Truth(true);
            if (parameters.put(key, value) != null || parameters.size() > MEMBERS_MAX) {
                throw new Malformed();
            }
        }
        return parameters;
    }

    private String key() throws Malformed {
        int start = at;
        if (!isLower(peek()) && peek() != '*') {
            throw new Malformed();
        }
        while (isLower(peek()) || isDigit(peek()) || "_-.*".indexOf(peek()) >= 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private BareItem bare() throws Malformed {
        char first = peek();
        if (first == '"') {
            return string();
        }
        if (first == ':') {
            return bytes();
        }
        if (first == '?') {
            at++;
            if (take('1')) {
                return new BareItem.Truth(true);
            }
            require('0');
            return new BareItem.Truth(false);
        }
        return first == '-' || isDigit(first) ? integer() : token();
    }

    private BareItem.Whole integer() throws Malformed {
        boolean negative = take('-');
        int start = at;
        while (isDigit(peek())) {
            at++;
        }
        if (at == start || at - start > INTEGER_DIGITS_MAX || peek() == '.') {
            throw new Malformed();
        }
        long value = Long.parseLong(text.substring(start, at));
        return new BareItem.Whole(negative ? -value : value);
    }

    private BareItem.Text string() throws Malformed {
        require('"');
        StringBuilder value = new StringBuilder();
        while (!take('"')) {
            char next = peek();
            at++;
            if (next == '\\') {
                next = peek();
                at++;
                if (next != '"' && next != '\\') {
                    throw new Malformed();
                }
            } else if (next < ' ' || next > '~') {
                throw new Malformed();
            }
            value.append(next);
        }
        return new BareItem.Text(value.toString());
    }

    private BareItem.Token token() throws Malformed {
        int start = at;
        if (!isLower(peek()) && !(peek() >= 'A' && peek() <= 'Z') && peek() != '*') {
            throw new Malformed();
        }
        while (isTokenCharacter(peek())) {
            at++;
        }
        return new BareItem.Token(text.substring(start, at));
    }

    private BareItem.Bytes bytes() throws Malformed {
        require(':');
        int end = text.indexOf(':', at);
        if (end < 0) {
            throw new Malformed();
        }
        String base64 = text.substring(at, end);
        at = end + 1;
        try {
            // The same bytes have one text only.
            if (!Base64.getEncoder()
                    .encodeToString(Base64.getDecoder().decode(base64))
                    .equals(base64)) {
                throw new Malformed();
            }
        } catch (IllegalArgumentException none) {
            throw new Malformed();
        }
        return new BareItem.Bytes(base64);
    }

    /** A character that nothing allows where the text is over. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean take(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void require(char wanted) throws Malformed {
        if (!take(wanted)) {
            throw new Malformed();
        }
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isTokenCharacter(char c) {
        return isLower(c) || (c >= 'A' && c <= 'Z') || isDigit(c) || (c != '\0' && "!#$%&'*+-.^_`|~:/".indexOf(c) >= 0);
    }
}
