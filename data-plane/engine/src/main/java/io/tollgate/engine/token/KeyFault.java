package io.tollgate.engine.token;

/** A key that is not to be believed; the message says why, and what was expected. */
public final class KeyFault extends Exception {
    private static final long serialVersionUID = 1;

    public KeyFault(String message) {
        super(message);
    }
}
