package io.tollgate.node.accesslog;

import java.io.IOException;
import java.io.OutputStream;

/** A stream that somebody else opened, such as the standard output. */
public final class StreamSink implements LineSink {
    private final OutputStream out;

    public StreamSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] line) throws IOException {
        out.write(line);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
