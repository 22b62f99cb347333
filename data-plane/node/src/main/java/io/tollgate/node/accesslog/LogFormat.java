package io.tollgate.node.accesslog;

/** Writes a line as text. Immutable. */
interface LogFormat {
    /** Appends one line, its end included. */
    void append(AccessLine line, StringBuilder out);
}
