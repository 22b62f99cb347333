package io.tollgate.node.dial;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What makes a stream trustworthy: the join token, and for TLS the PEM files. Immutable.
 *
 * @param joinToken sent as bearer token on each call; null sends none
 * @param trust certificates that the control plane's one must lead to; null: no TLS unless a certificate is given
 * @param certificate the node's own certificate, with {@code key}; null: none is shown
 * @param key the node's own private key
 */
public record StreamSecurity(
        @Nullable String joinToken,
        @Nullable Path trust,
        @Nullable Path certificate,
        @Nullable Path key) {
    /** A certificate needs its key. */
    public StreamSecurity {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a stream certificate and its key (expected: both or none)");
        }
    }

    /** Plain text with a join token, for one machine. */
    public static StreamSecurity plainText(@Nullable String joinToken) {
        return new StreamSecurity(joinToken, null, null, null);
    }

    /** Whether the streams are encrypted. */
    public boolean isEncrypted() {
        return trust != null || certificate != null;
    }

    /** Throws, with one line for the operator, when a file that is named cannot be read. */
    void requireReadable() {
        requireReadable("trust", trust);
        requireReadable("certificate", certificate);
        requireReadable("key", key);
    }

    private static void requireReadable(String what, @Nullable Path file) {
        if (file != null && !Files.isReadable(file)) {
            throw new IllegalArgumentException(
                    "stream " + what + " " + file + " (expected: a PEM file that this user may read)");
        }
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "StreamSecurity[encrypted=" + isEncrypted() + "]";
    }
}
