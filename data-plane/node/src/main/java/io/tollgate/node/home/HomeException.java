package io.tollgate.node.home;

/** The home directory cannot serve this start; the message is one line that says what to do. Immutable. */
public final class HomeException extends Exception {
    /** With one line for the operator. */
    public HomeException(String message) {
        super(message);
    }

    /** With one line for the operator and what the disk said. */
    public HomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
