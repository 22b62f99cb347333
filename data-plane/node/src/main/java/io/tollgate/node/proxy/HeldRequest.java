package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.engine.upstream.UpstreamProtocol;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.Inquiry;
import io.tollgate.node.exchange.RequestBody;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request that is kept until there is a connection for it: its head as the connection will want it, and its body. Event-loop confined. */
final class HeldRequest {
    private final RequestBody framing;
    private final @Nullable ByteBuf bytes;
    private final @Nullable Http2Headers headers;
    private final @Nullable ByteBuf body;

    private HeldRequest(RequestBody framing, @Nullable ByteBuf bytes, @Nullable Http2Headers headers) {
        this.framing = framing;
        this.bytes = bytes;
        this.headers = headers;
        this.body = null;
    }

    /** A question for a target of its service. */
    static HeldRequest of(Inquiry inquiry, String targetHostField) {
        UpstreamProtocol protocol = inquiry.service().transport().protocol();
        ByteBuf http1 = null;
        Http2Headers http2 = null;
        if (protocol != UpstreamProtocol.HTTP2) {
            HeadWriter writer = new HeadWriter();
            write(writer, inquiry, targetHostField);
            if ("POST".equals(inquiry.method())) {
                // RFC 9110, 8.6: else it might be asked where the body is.
                writer.copy("Content-Length", "0");
            }
            writer.endLine();
            http1 = writer.toBuffer(ByteBufAllocator.DEFAULT);
        }
        if (protocol != UpstreamProtocol.HTTP1) {
            Http2HeadWriter writer = new Http2HeadWriter();
            write(writer, inquiry, targetHostField);
            http2 = writer.taken();
        }
        return new HeldRequest(RequestBody.NONE, http1, http2);
    }

    private static void write(HeadForm form, Inquiry inquiry, String targetHostField) {
        Upstream service = inquiry.service();
        form.begin(inquiry.method(), service.transport().tls() != null);
        form.target(service.pathPrefix()).target(inquiry.path());
        form.endTarget();
        form.host(targetHostField);
        for (GatewayAnswer.Field field : inquiry.fields()) {
            form.copy(field.name(), field.value());
        }
    }

    /** Takes the head of a call for a target of {@code upstream}. */
    HeldRequest(RequestHead head, Exchange exchange, Upstream upstream, String targetHostField) {
        framing = exchange.body();
        UpstreamProtocol protocol = upstream.transport().protocol();
        bytes = protocol == UpstreamProtocol.HTTP2
                ? null
                : head.bytes(exchange, upstream, targetHostField).toBuffer(ByteBufAllocator.DEFAULT);
        headers = protocol == UpstreamProtocol.HTTP1 ? null : head.headers(exchange, upstream, targetHostField);
        body = framing.isPresent() ? ByteBufAllocator.DEFAULT.directBuffer() : null;
    }

    /** How many bytes it holds; a head of HTTP/2 counts as what HTTP/1.1 makes of its fields. */
    int headBytes() {
        if (bytes != null) {
            return bytes.readableBytes();
        }
        int size = 0;
        for (var field : http2()) {
            size += field.getKey().length() + field.getValue().length() + 4;
        }
        return size;
    }

    RequestBody framing() {
        return framing;
    }

    /** The head for HTTP/1.1. */
    ByteBuf http1() {
        return Objects.requireNonNull(bytes, "a connection of HTTP/1.1 was not expected");
    }

    /** The head for HTTP/2. */
    Http2Headers http2() {
        return Objects.requireNonNull(headers, "a connection of HTTP/2 was not expected");
    }

    /** The body so far; null when there is none. */
    @Nullable
    ByteBuf body() {
        return body;
    }

    /** Copies a part of the body. */
    void append(ByteBuf content) {
        if (body != null) {
            body.writeBytes(content, content.readerIndex(), content.readableBytes());
        }
    }

    /** Gives back what it holds and nobody sent. */
    void release() {
        if (bytes != null) {
            bytes.release();
        }
        if (body != null) {
            body.release();
        }
    }
}
