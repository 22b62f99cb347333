package io.tollgate.node.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.tollgate.node.exchange.Outcome;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;

/** Answers 408 to a client whose head has not come in time, and closes. Immutable functions. */
final class LateHead {
    private static final String BODY = "{\"type\":\"urn:tollgate:problem:" + Outcome.REQUEST_TIMEOUT.word()
            + "\",\"title\":\"" + Outcome.REQUEST_TIMEOUT.title() + "\",\"status\":408,\"detail\":\""
            + Outcome.REQUEST_TIMEOUT.detail() + "\"}\n";
    private static final byte[] ANSWER = ("HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
                    + "Cache-Control: no-store\r\nConnection: close\r\nContent-Length: " + BODY.length() + "\r\n\r\n"
                    + BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private LateHead() {}

    /** There is no request yet that Vert.x could answer, so the bytes go out as they are, before its encoder. */
    static void refuse(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            Channel channel = base.channel();
            ChannelHandlerContext encoder = channel.pipeline().context("httpEncoder");
            if (encoder != null) {
                encoder.writeAndFlush(Unpooled.wrappedBuffer(ANSWER)).addListener(ChannelFutureListener.CLOSE);
                return;
            }
        }
        connection.close();
    }
}
