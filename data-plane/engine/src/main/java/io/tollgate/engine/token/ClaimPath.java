package io.tollgate.engine.token;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a claim is: its name, whatever characters that has, or, when it begins with a slash, a JSON pointer (RFC 6901). Immutable.
 *
 * @param text as people write it
 * @param names from the outermost object to the claim
 */
public record ClaimPath(String text, List<String> names) {
    /** Characters of the text. */
    public static final int CHARACTERS_MAX = 256;

    /** Copies the list. */
    public ClaimPath {
        names = List.copyOf(names);
    }

    /** Whether this text can be read as one. */
    public static boolean isPath(String text) {
        if (text.isEmpty() || text.length() > CHARACTERS_MAX) {
            return false;
        }
        return text.charAt(0) != '/'
                || !text.replace("~0", "").replace("~1", "").contains("~");
    }

    /** Reads a text that is one. */
    public static ClaimPath of(String text) {
        if (text.charAt(0) != '/') {
            return new ClaimPath(text, List.of(text));
        }
        return new ClaimPath(
                text,
                List.of(text.substring(1).split("/", -1)).stream()
                        .map(name -> name.replace("~1", "/").replace("~0", "~"))
                        .toList());
    }

    /** The claim; null when it is not there, or is null. */
    public @Nullable Object find(Map<String, @Nullable Object> claims) {
        Object at = claims;
        for (int i = 0; i < names.size(); i++) {
            at = step(at, names.get(i));
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private static @Nullable Object step(Object at, String name) {
        if (at instanceof Map<?, ?> object) {
            return object.get(name);
        }
        if (at instanceof List<?> items && name.matches("0|[1-9][0-9]{0,5}")) {
            int index = Integer.parseInt(name);
            return index < items.size() ? items.get(index) : null;
        }
        return null;
    }
}
