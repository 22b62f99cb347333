package io.tollgate.e2e.demo;

/** An answer that was not what the walk promises; the message says what was expected and what came. */
final class DemoFailed extends Exception {
    private static final long serialVersionUID = 1;

    DemoFailed(String expected, String got) {
        super("expected " + expected + "\n         got      " + got);
    }
}
