package io.tollgate.node.coding;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tollgate.engine.policy.CompressionLevel;
import io.tollgate.engine.policy.ContentCoding;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;

/**
 * One body on its way into its coding. Event-loop confined.
 *
 * <p>What goes in comes out at once: each part is flushed, so that nothing of a stream waits here for more. Windows are kept small
 * (256 KiB at most), which bounds the memory outside the heap to about a megabyte per body. It must be closed in every ending;
 * {@link #open} tells how many are not.
 */
public final class BodyEncoder implements AutoCloseable {
    private static final int WINDOW_BITS = 18;
    private static final int BUFFER_BYTES = 8_192;
    private static final LongAdder OPEN = new LongAdder();

    private final Sink sink = new Sink();
    private final OutputStream encoder;
    private boolean closed;

    private BodyEncoder(ContentCoding coding, CompressionLevel level) throws IOException {
        encoder = switch (coding) {
            case GZIP -> new Gzip(sink, choose(level, 1, 6, 9));
            case BR ->
                new BrotliOutputStream(
                        sink, Encoder.Parameters.create(choose(level, 1, 4, 9), WINDOW_BITS), BUFFER_BYTES);
            case ZSTD ->
                new ZstdOutputStreamNoFinalizer(sink, RecyclingBufferPool.INSTANCE, choose(level, 1, 3, 9))
                        .setWindowLog(WINDOW_BITS);
        };
        OPEN.increment();
    }

    /** An encoder for one body. */
    public static BodyEncoder of(ContentCoding coding, CompressionLevel level) {
        try {
            return new BodyEncoder(coding, level);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many bodies of this process hold native memory now. */
    public static long open() {
        return OPEN.sum();
    }

    /** The next part of the body in its coding; the part is released. */
    public ByteBuf encode(ByteBuf part) {
        try {
            ByteBuf out = sink.begin(part.readableBytes());
            part.readBytes(encoder, part.readableBytes());
            encoder.flush();
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            part.release();
        }
    }

    /** The last part of the body in its coding, with its end; the part is released, and this is closed. */
    public ByteBuf finish(ByteBuf last) {
        try {
            ByteBuf out = sink.begin(last.readableBytes());
            last.readBytes(encoder, last.readableBytes());
            close();
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            last.release();
        }
    }

    /** Gives the native memory back; what was not asked for is dropped. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        OPEN.decrement();
        try {
            encoder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int choose(CompressionLevel level, int fastest, int balanced, int smallest) {
        return switch (level) {
            case FASTEST -> fastest;
            case BALANCED -> balanced;
            case SMALLEST -> smallest;
        };
    }

    /** The JDK's, with a level; its native part goes when it is closed. */
    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream sink, int level) throws IOException {
            super(sink, BUFFER_BYTES, true);
            def.setLevel(level);
        }
    }

    /** Where the bytes come out. */
    private static final class Sink extends OutputStream {
        private static final int LEAST_BYTES = 256;

        // What an encoder writes when it is made comes before the first part.
        private ByteBuf out = Unpooled.buffer(LEAST_BYTES);
        private boolean taken;

        ByteBuf begin(int sizeHint) {
            if (taken) {
                out = Unpooled.buffer(Math.max(LEAST_BYTES, sizeHint / 2));
            }
            taken = true;
            return out;
        }

        @Override
        public void write(int octet) {
            out.writeByte(octet);
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            out.writeBytes(octets, offset, length);
        }
    }
}
