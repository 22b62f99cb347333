package io.tollgate.engine.expression;

/** A text that is no expression; the message says where and why. */
public final class ExpressionFault extends Exception {
    private static final long serialVersionUID = 1;

    private final String words;

    /**
     * A fault at a place.
     *
     * @param line from 1
     * @param column from 1
     * @param words what is wrong there
     */
    ExpressionFault(int line, int column, String words) {
        super("line " + line + ", column " + column + ": " + words);
        this.words = "line " + line + ", column " + column + ": " + words;
    }

    /** Where and why. */
    public String words() {
        return words;
    }
}
