package io.tollgate.controlplane.stream;

import java.util.Arrays;
import java.util.Optional;

/** How the streams are guarded. Immutable. */
public enum StreamMode {
    /** Plain text; nodes show the shared join token. For one machine. */
    PLAIN("plain"),
    /** TLS with PEM files of the operator; nodes show the shared join token, and a certificate where there are trust roots. */
    FILES("files"),
    /** TLS with certificates of the database's own authority on both sides; nodes get theirs for a one-time join token. */
    OWN_AUTHORITY("own-authority");

    private final String word;

    StreamMode(String word) {
        this.word = word;
    }

    /** As in TOLLGATE_STREAM_SECURITY. */
    public String word() {
        return word;
    }

    public static Optional<StreamMode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word.equals(word)).findFirst();
    }
}
