package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/** Who asked for a connection to a target, and hears what arrives on it. Event-loop confined. */
interface UpstreamListener extends ConnectionTaker {
    /** The head of an answer, also of an interim one. */
    void onHead(HttpResponse head);

    /** A part of the answer's body; the receiver releases it. */
    void onContent(ByteBuf content);

    /** The end of the answer; the receiver releases it. */
    void onLast(LastHttpContent last);

    /** Nothing more is there to read for now. */
    void onReadComplete();

    /** What came is no HTTP. */
    void onBadAnswer();

    /** More may be written again. */
    void onUpstreamWritable();

    /** The connection closed or broke before the answer was whole. */
    void onUpstreamClosed(UpstreamConnection closed);
}
