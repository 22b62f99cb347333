package io.tollgate.engine.route;

import org.jspecify.annotations.Nullable;

/** What the value of a header field or query parameter must be. Immutable. */
public sealed interface ValueTest {
    /** Any value, also an empty one. */
    ValueTest PRESENT = new Present();

    /** Whether this value passes; null stands for none. */
    boolean passes(@Nullable String value);

    /**
     * One value, byte for byte.
     *
     * @param octets see {@link OctetText}
     */
    record Exact(String octets) implements ValueTest {
        @Override
        public boolean passes(@Nullable String value) {
            return octets.equals(value);
        }

        @Override
        public String toString() {
            return "exactly " + OctetText.toText(octets);
        }
    }

    /** Any value. */
    record Present() implements ValueTest {
        @Override
        public boolean passes(@Nullable String value) {
            return value != null;
        }

        @Override
        public String toString() {
            return "present";
        }
    }

    /**
     * All values that a regular expression takes as a whole.
     *
     * @param regex of ASCII characters
     */
    record Matching(WholeRegex regex) implements ValueTest {
        @Override
        public boolean passes(@Nullable String value) {
            return value != null && regex.matches(value);
        }

        @Override
        public String toString() {
            return "matching " + regex;
        }
    }
}
