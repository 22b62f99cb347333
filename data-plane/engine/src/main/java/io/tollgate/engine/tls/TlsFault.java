package io.tollgate.engine.tls;

/** A text or key that is none, or not one that can be used; the message says {@code value (expected: ...)}, and never a secret. */
public final class TlsFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String value;
    private final String expected;

    public TlsFault(String value, String expected) {
        super(value + " (expected: " + expected + ")", null, false, false);
        this.value = value;
        this.expected = expected;
    }

    /** What is wrong. */
    public String value() {
        return value;
    }

    /** What was expected in its place. */
    public String expected() {
        return expected;
    }
}
