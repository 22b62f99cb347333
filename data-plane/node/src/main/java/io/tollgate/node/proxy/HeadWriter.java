package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;
import io.tollgate.node.exchange.HeadSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a request head straight to bytes: the one copy that forwarding makes of it. Reused; event-loop confined.
 */
final class HeadWriter implements HeadSink {
    private static final int BYTES_AT_FIRST = 4096;

    private byte[] bytes = new byte[BYTES_AT_FIRST];
    private int length;

    void begin() {
        length = 0;
    }

    /** Appends text of the wire, whose characters are all below U+0100. */
    HeadWriter raw(CharSequence text) {
        int size = text.length();
        reserve(size);
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, size);
        } else {
            latin1(text.toString(), size);
        }
        length += size;
        return this;
    }

    @SuppressWarnings("deprecation") // The only copy of Latin-1 that allocates nothing.
    private void latin1(String text, int size) {
        text.getBytes(0, size, bytes, length);
    }

    HeadWriter raw(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    HeadWriter raw(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** Appends one field that came from the wire and was checked there. */
    void copy(CharSequence name, CharSequence value) {
        raw(name).raw(':').raw(' ').raw(value);
        endLine();
    }

    /** Appends one field of the gateway's own; a value from the catalog may be any text. */
    @Override
    public void add(CharSequence name, CharSequence value) {
        raw(name).raw(':').raw(' ');
        if (isPrintable(value)) {
            raw(value);
        } else {
            raw(withoutControls(value).getBytes(StandardCharsets.UTF_8));
        }
        endLine();
    }

    void endLine() {
        reserve(2);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    ByteBuf toBuffer(ByteBufAllocator allocator) {
        return allocator.directBuffer(length).writeBytes(bytes, 0, length);
    }

    private static boolean isPrintable(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static String withoutControls(CharSequence value) {
        StringBuilder clean = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            clean.append(c < ' ' || c == 0x7f ? '?' : c);
        }
        return clean.toString();
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
