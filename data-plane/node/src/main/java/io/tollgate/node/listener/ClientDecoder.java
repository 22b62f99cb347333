package io.tollgate.node.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.tollgate.engine.listener.ListenerBounds;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests of HTTP/1.1 more strictly than the decoder that it is, and knows whether a head is on its way. Event-loop confined.
 *
 * <p>Strict where leniency is an offer to people who look for two programs that disagree: the parts of a request line are divided by
 * one space and nothing stands around them (RFC 9112, 3 allows less, 3.2 warns of it), and nothing but empty lines stands before it (2.2). Netty
 * itself refuses, as it is set up here: lines that end in a bare LF, a CR without an LF, a length beside a transfer coding, lengths
 * that differ or are no number, codings that do not end in chunked, sizes of chunks that are none or too large, and extensions of
 * chunks that hide a line. Two lengths it takes from HTTP/1.0, and eight bytes of a body from a handshake of old WebSockets that names
 * none: both are refused. A line that goes on in the next one it joins with a space (5.2): what is forwarded is one line.
 */
final class ClientDecoder extends VertxHttpRequestDecoder {
    static final String NAME = "httpDecoder";

    private final int fieldsMax;
    private int fields;
    private int lengths;
    private int wordEnd;
    private boolean betweenMessages = true;
    private boolean headBegun;

    ClientDecoder(HttpServerOptions options, ListenerBounds bounds) {
        super(options);
        this.fieldsMax = bounds.headerFieldsMax();
    }

    /** Takes the place of the decoder that Vert.x has set up, before it has read anything; null on a connection of HTTP/2. */
    static @Nullable ClientDecoder install(
            HttpConnection connection, HttpServerOptions options, ListenerBounds bounds) {
        if (connection instanceof ConnectionBase base) {
            Channel channel = base.channel();
            if (channel.pipeline().get(NAME) != null) {
                ClientDecoder decoder = new ClientDecoder(options, bounds);
                channel.pipeline().replace(NAME, NAME, decoder);
                return decoder;
            }
        }
        return null;
    }

    /** Whether the first byte of a head has come, and not yet its last. */
    boolean isHeadBegun() {
        return headBegun;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        int before = out.size();
        super.decode(context, buffer, out);
        int after = out.size();
        if (after > before) {
            Object last = out.get(after - 1);
            headBegun = false;
            betweenMessages = last instanceof LastHttpContent;
            fields = 0;
            lengths = 0;
        } else if (betweenMessages) {
            headBegun = true;
        }
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        if (start != 0) {
            throw new IllegalArgumentException("white space before the method");
        }
        wordEnd = length;
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        wordEnd = start + length;
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        String version = super.splitThirdWordInitialLine(line, start, length);
        if (!version.startsWith("HTTP/")) {
            // In small letters it would be another one to Vert.x, which answers by itself then.
            throw new IllegalArgumentException("not a version of HTTP");
        }
        return version;
    }

    private void requireOneSpace(byte[] line, int start) {
        if (start != wordEnd + 1 || line[wordEnd] != ' ') {
            throw new IllegalArgumentException("not one space in the request line");
        }
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("a field without a name");
        }
        if (++fields > fieldsMax) {
            throw new TooLongHttpHeaderException("more than " + fieldsMax + " fields");
        }
        switch (length) {
            case 14 -> {
                if (is(HttpHeaderNames.CONTENT_LENGTH, line, start) && ++lengths > 1) {
                    throw new IllegalArgumentException("several lengths");
                }
            }
            case 18 -> {
                if (is(HttpHeaderNames.SEC_WEBSOCKET_KEY1, line, start)) {
                    throw new IllegalArgumentException("a body of eight bytes that no field announces");
                }
            }
            default -> {
                // No field that says where a request ends.
            }
        }
        return super.splitHeaderName(line, start, length);
    }

    private static boolean is(AsciiString name, byte[] line, int start) {
        for (int i = 0; i < name.length(); i++) {
            if ((line[start + i] | 0x20) != (name.byteAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }
}
