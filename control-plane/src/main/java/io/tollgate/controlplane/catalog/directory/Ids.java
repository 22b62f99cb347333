package io.tollgate.controlplane.catalog.directory;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells ids from names. Immutable. */
public final class Ids {
    private static final Pattern CANONICAL = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Ids() {}

    /** The id that {@code text} is, or nothing when it can only be a name. */
    public static @Nullable UUID parse(String text) {
        return CANONICAL.matcher(text).matches() ? UUID.fromString(text) : null;
    }
}
