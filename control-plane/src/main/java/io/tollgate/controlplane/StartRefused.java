package io.tollgate.controlplane;

/**
 * The start cannot go on, and the message is the one line that tells the operator why and what to do. Immutable.
 */
public final class StartRefused extends Exception {
    private static final long serialVersionUID = 1L;

    /** Refuses with a sentence that needs no stack trace to be understood. */
    public StartRefused(String message) {
        super(message, null, false, false);
    }
}
