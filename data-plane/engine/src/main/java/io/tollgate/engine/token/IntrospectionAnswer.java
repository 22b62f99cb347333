package io.tollgate.engine.token;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer says about one of its tokens when it is asked (RFC 7662, 2.2). Immutable.
 *
 * @param active whether the token holds
 * @param claims all that it says; not to be changed
 */
public record IntrospectionAnswer(boolean active, Map<String, @Nullable Object> claims) {
    /** Reads an answer; null when it is none, or can be read in two ways. */
    public static @Nullable IntrospectionAnswer read(byte[] utf8) {
        Map<String, @Nullable Object> members = StrictJson.object(utf8);
        return members != null && members.get("active") instanceof Boolean active
                ? new IntrospectionAnswer(active, members)
                : null;
    }

    /** Hides everything. */
    @Override
    public String toString() {
        return "IntrospectionAnswer[" + active + "]";
    }
}
