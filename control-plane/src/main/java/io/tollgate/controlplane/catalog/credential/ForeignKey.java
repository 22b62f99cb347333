package io.tollgate.controlplane.catalog.credential;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a key that was issued elsewhere: one of both. Immutable.
 *
 * @param secret its text
 * @param sha256 SHA-256 of its text, hexadecimal
 */
public record ForeignKey(@Nullable String secret, @Nullable String sha256) {
    /** Leaves the secret out: it must not reach a log. */
    @Override
    public String toString() {
        return "ForeignKey";
    }
}
