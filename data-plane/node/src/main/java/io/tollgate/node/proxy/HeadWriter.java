package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;
import io.tollgate.node.exchange.RequestBody;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a request head of HTTP/1.1, or that of a 101, straight to bytes: the one copy that forwarding makes of it. Reused; event-loop confined.
 */
final class HeadWriter implements HeadForm {
    private static final int BYTES_AT_FIRST = 4096;
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] SWITCHING = ascii("HTTP/1.1 101 Switching Protocols\r\n");
    private static final byte[] UPGRADE = ascii("Upgrade: " + Handshake.PROTOCOL + "\r\nConnection: Upgrade\r\n");
    private static final byte[] TE_TRAILERS = ascii("TE: trailers\r\nConnection: TE\r\n");

    private byte[] bytes = new byte[BYTES_AT_FIRST];
    private int length;

    @Override
    public void begin(String method, boolean secure) {
        length = 0;
        raw(method).raw(' ');
    }

    /** Starts the head of a 101 instead, forgetting the one before. */
    void beginSwitch() {
        length = 0;
        raw(SWITCHING);
    }

    /** Says that the connection becomes, or is to become, a WebSocket. */
    void upgrade() {
        raw(UPGRADE);
    }

    @Override
    public HeadWriter target(CharSequence part) {
        return raw(part);
    }

    @Override
    public void endTarget() {
        raw(VERSION);
    }

    @Override
    public void host(CharSequence host) {
        raw(HOST).raw(host);
        endLine();
    }

    /** Starts the end of a body in chunks; the trailers follow, and an empty line. */
    HeadWriter beginLastChunk() {
        length = 0;
        raw('0');
        endLine();
        return this;
    }

    /** Appends text of the wire, whose characters are all below U+0100. */
    private HeadWriter raw(CharSequence text) {
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

    private HeadWriter raw(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    private HeadWriter raw(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
        return this;
    }

    @Override
    public void copy(CharSequence name, CharSequence value) {
        raw(name).raw(':').raw(' ').raw(value);
        endLine();
    }

    @Override
    public void own(OwnName name, CharSequence value) {
        raw(name.lineStart()).raw(value);
        endLine();
    }

    @Override
    public void trailersWelcome() {
        raw(TE_TRAILERS);
    }

    @Override
    public void frame(RequestBody body) {
        if (body.isChunked()) {
            raw(CHUNKED);
        } else if (body.hasLength()) {
            raw(CONTENT_LENGTH).raw(Long.toString(body.lengthBytes()));
            endLine();
        }
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

    static boolean isPrintable(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    static String withoutControls(CharSequence value) {
        StringBuilder clean = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            clean.append(c < ' ' || c == 0x7f ? '?' : c);
        }
        return clean.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
