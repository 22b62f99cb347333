package io.tollgate.controlplane.catalog.credential;

import org.jspecify.annotations.Nullable;

/**
 * Where a key stands in the listing of its consumer: by name, and of one name the newest generation first. Immutable.
 *
 * @param name       empty: before all
 * @param generation from 1
 */
public record KeyPlace(String name, int generation) {
    public static final KeyPlace FIRST = new KeyPlace("", 0);

    // No name of a key has it.
    private static final char SEPARATOR = '/';

    public static KeyPlace of(CredentialEntity key) {
        return new KeyPlace(key.name(), key.generation());
    }

    /** The place that {@link #toString} wrote; null when it did not. */
    public static @Nullable KeyPlace parse(String text) {
        int separator = text.lastIndexOf(SEPARATOR);
        if (text.isEmpty() || separator < 0) {
            return text.isEmpty() ? FIRST : null;
        }
        try {
            return new KeyPlace(text.substring(0, separator), Integer.parseInt(text.substring(separator + 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return name + SEPARATOR + generation;
    }
}
