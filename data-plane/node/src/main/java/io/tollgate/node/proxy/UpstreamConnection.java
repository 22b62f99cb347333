package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Exchange;

/**
 * A way to a target that carries one call at a time: a connection of HTTP/1.1, or one stream of a connection of HTTP/2. Event-loop
 * confined.
 */
sealed interface UpstreamConnection permits Http1Connection, Http2Stream {
    /** From here on it serves this call; {@code head}: its answer has no body. */
    void begin(UpstreamListener next, boolean head);

    /** Writes the request's head, and the request's end when it has no body. */
    void send(RequestHead head, Exchange exchange, Upstream upstream, String targetHostField);

    /** Writes a whole request that was made before; its content is released. */
    void send(HeldRequest request);

    /** Writes a part of the body, which must not be empty; released here. */
    void sendBody(ByteBuf content);

    /** Ends the body. */
    void endBody();

    /** Ends the body and says these fields after it, names in lower case, where the protocol and the framing allow it. */
    void endBody(Http2Headers trailers);

    /** Whether an earlier call used the connection: then the upstream may have closed it without our knowing. */
    boolean isReused();

    /** Whether a byte of the answer at hand has come. */
    boolean sawByte();

    /** Whether the upstream said that it did nothing with the request: any request may be sent again elsewhere. */
    boolean isUnprocessed();

    boolean isWritable();

    /** Reads no more of the answer, but for what is on its way. */
    void pause();

    void resume();

    /** The call is over and both messages were whole: the connection may serve another. */
    void release(long nowNanos);

    /** The call is over before that. */
    void close();

    /** No answer came in time: it may be that nobody is there any more. */
    void suspect();
}
