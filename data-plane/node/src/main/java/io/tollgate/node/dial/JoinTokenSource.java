package io.tollgate.node.dial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a one-time join token comes from: the environment, or a file that is read anew each time, so that a new token needs no restart. Its
 * text holds no secret. Immutable.
 */
public record JoinTokenSource(
        @Nullable String text, @Nullable Path file) {
    /** There is none. */
    public static final JoinTokenSource NONE = new JoinTokenSource(null, null);

    /** Whether another token may come without a restart. */
    boolean mayChange() {
        return file != null;
    }

    /**
     * The token as it stands; null when there is none (any more).
     *
     * @throws IllegalArgumentException with one line for the operator, when what is there is none
     */
    @Nullable
    JoinToken read() {
        if (text != null) {
            return JoinToken.parse(text);
        }
        if (file == null || !Files.isReadable(file)) {
            return null;
        }
        try {
            String read = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            return read.isEmpty() ? null : JoinToken.parse(read);
        } catch (IOException gone) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "JoinTokenSource[file=" + file + "]";
    }
}
