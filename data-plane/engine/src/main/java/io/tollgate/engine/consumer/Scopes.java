package io.tollgate.engine.consumer;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may do, as a set of words: scope tokens of RFC 6749, 3.3. Immutable.
 *
 * <p>At most {@value #COUNT_MAX} words of at most {@value #CHARACTERS_MAX} characters, each of the printable ASCII characters but the
 * space, the quote and the backslash. The order in which they were given means nothing.
 */
public final class Scopes {
    /** A caller's words are looked through with every call that is judged by them. */
    public static final int COUNT_MAX = 64;
    /** A URI as a scope fits. */
    public static final int CHARACTERS_MAX = 128;

    /** No scope at all. */
    public static final Scopes NONE = new Scopes(new String[0]);

    private final String[] sorted;
    private final String text;

    private Scopes(String[] sorted) {
        this.sorted = sorted;
        this.text = String.join(" ", sorted);
    }

    /** The set of these words, each of which {@link #isToken} takes; a word that is there twice is one. */
    public static Scopes of(Collection<String> tokens) {
        if (tokens.isEmpty()) {
            return NONE;
        }
        String[] sorted = tokens.stream().distinct().sorted().toArray(String[]::new);
        for (String token : sorted) {
            if (!isToken(token)) {
                throw new IllegalArgumentException("scope " + token);
            }
        }
        if (sorted.length > COUNT_MAX) {
            throw new IllegalArgumentException(sorted.length + " scopes (expected: at most " + COUNT_MAX + ")");
        }
        return new Scopes(sorted);
    }

    /** Whether a text is one scope token. */
    public static boolean isToken(String text) {
        if (text.isEmpty() || text.length() > CHARACTERS_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Whether this word is among them. No allocation; O(log n) comparisons. */
    public boolean contains(String token) {
        return Arrays.binarySearch(sorted, token) >= 0;
    }

    /** Those of them that are also among the others; the same object when that is all of them. */
    public Scopes and(Scopes others) {
        List<String> both = Arrays.stream(sorted).filter(others::contains).toList();
        return both.size() == sorted.length ? this : of(both);
    }

    public boolean isEmpty() {
        return sorted.length == 0;
    }

    /** The words in their order. */
    public List<String> list() {
        return List.of(sorted);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Scopes scopes && text.equals(scopes.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The words as the parameter {@code scope} has them: separated by spaces. */
    @Override
    public String toString() {
        return text;
    }
}
