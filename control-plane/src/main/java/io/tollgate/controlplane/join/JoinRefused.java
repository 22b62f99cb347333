package io.tollgate.controlplane.join;

/** A node may not join, or not go on; the message is one line for its operator and holds no secret. Immutable. */
public final class JoinRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public JoinRefused(String message) {
        super(message);
    }
}
