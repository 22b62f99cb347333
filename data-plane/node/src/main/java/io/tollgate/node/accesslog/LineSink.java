package io.tollgate.node.accesslog;

import java.io.IOException;

/** Where lines go. Used by the one thread that writes; what it throws costs the lines since the last flush. */
public interface LineSink extends AutoCloseable {
    /** Takes one line, which ends with a line feed. */
    void write(byte[] line) throws IOException;

    /** Hands over what it holds back; called when no line waits, and from time to time. */
    void flush() throws IOException;

    /** Begins its file anew, where it has one: somebody has moved the one that it writes to, or wants to. */
    default void reopen() throws IOException {
        flush();
    }

    @Override
    void close() throws IOException;
}
