package io.tollgate.node.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.tollgate.engine.route.HostText;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.StreamRefusal;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the heads and trailers of one HTTP/2 connection before Vert.x does, and makes each head say what one of HTTP/1.1 would:
 * its host in one Host field, and {@code Transfer-Encoding: chunked} for a body of unknown length. Event-loop confined.
 *
 * <p>Netty has refused by then what is no field of HTTP/2: names outside of the grammar or in upper case, control characters,
 * unknown, repeated, missing or late pseudo-header fields, connection-specific fields, lengths that disagree with each other
 * or with the body (RFC 9113, 8.1.1 to 8.3). Here ends what could be read as another request behind the gateway, where it is
 * written in HTTP/1.1 (RFC 9113, 10.3): such a stream is reset with PROTOCOL_ERROR. What a client may have meant well, as two
 * hosts, becomes a request without a host, which is answered with 400.
 */
final class RequestStreams extends Http2FrameListenerDecorator {
    private static final String PROTOCOL =
            Http2Headers.PseudoHeaderName.PROTOCOL.value().toString();

    private final Http2Connection streams;
    private final RefusedStreams refused;
    private final ClientConnection client;

    private RequestStreams(
            Http2FrameListener next, Http2Connection streams, RefusedStreams refused, ClientConnection client) {
        super(next);
        this.streams = streams;
        this.refused = refused;
        this.client = client;
    }

    /** Whether the connection is one of HTTP/2. */
    static boolean areOn(HttpConnection connection) {
        return connection instanceof ConnectionBase base
                && base.channel().pipeline().get(Http2ConnectionHandler.class) != null;
    }

    /**
     * Reads along from here on.
     *
     * @param onRefusal told of each stream that is reset before it is a request
     */
    static void guard(HttpConnection connection, ClientConnection client, Consumer<StreamRefusal> onRefusal) {
        Channel channel = ((ConnectionBase) connection).channel();
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        RefusedStreams refused = RefusedStreams.guard(http2, connection, onRefusal);
        http2.decoder()
                .frameListener(
                        new RequestStreams(http2.decoder().frameListener(), http2.connection(), refused, client));
        http2.connection().addListener(new UnreadStreams(http2, channel));
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        read(streamId, headers, endOfStream);
        super.onHeadersRead(context, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        read(streamId, headers, endOfStream);
        super.onHeadersRead(context, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
    }

    private void read(int streamId, Http2Headers headers, boolean endOfStream) throws Http2Exception {
        int fields = 0;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence value = field.getValue();
            if (value.length() > 0 && value.charAt(value.length() - 1) <= ' ') {
                throw malformed(streamId, "a value ends with white space");
            }
            fields += Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(field.getKey()) ? 0 : 1;
        }
        boolean tooMany = fields > client.bounds().headerFieldsMax();
        Http2Stream stream = streams.stream(streamId);
        if (!refused.isAccepted(stream)) {
            readHead(streamId, headers, endOfStream);
            refused.accept(stream);
            if (tooMany) {
                client.refuseHead(streamId);
            }
            return;
        }
        if (tooMany) {
            throw malformed(streamId, "more trailers than may be");
        }
        Exchange exchange = client.exchange(streamId);
        if (exchange != null) {
            exchange.requestTrailers(headers);
        }
    }

    private static void readHead(int streamId, Http2Headers headers, boolean endOfStream) throws Http2Exception {
        CharSequence method = headers.method();
        if (method == null || HttpHeaderValidationUtil.validateToken(method) != -1) {
            throw malformed(streamId, "the method is no token");
        }
        if (headers.contains(PROTOCOL)) {
            throw malformed(streamId, "extended CONNECT was not offered");
        }
        CharSequence scheme = headers.scheme();
        if (scheme != null && !isHttp(scheme.toString())) {
            throw malformed(streamId, "the scheme is not http or https");
        }
        readHost(headers);
        if (!endOfStream && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    private static boolean isHttp(String scheme) {
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }

    /** RFC 9113, 8.3.1: the authority is the host; a Host field beside it must say the same, and stands for it where it lacks. */
    private static void readHost(Http2Headers headers) {
        CharSequence authority = headers.authority();
        List<CharSequence> hosts = headers.getAll(HttpHeaderNames.HOST);
        headers.remove(HttpHeaderNames.HOST);
        if (authority == null && hosts.isEmpty()) {
            return;
        }
        String field = authority == null ? hosts.get(0).toString() : authority.toString();
        boolean agreed = authority == null
                ? hosts.size() == 1
                : hosts.isEmpty() || (hosts.size() == 1 && isSame(field, hosts.get(0), headers.scheme()));
        String host = HostText.parse(field);
        if (agreed && host != null && !host.isEmpty()) {
            headers.authority(field);
            headers.set(HttpHeaderNames.HOST, field);
        } else {
            headers.remove(Http2Headers.PseudoHeaderName.AUTHORITY.value());
        }
    }

    private static boolean isSame(String authority, CharSequence host, CharSequence scheme) {
        int port = scheme != null && "https".equalsIgnoreCase(scheme.toString()) ? 443 : 80;
        return HostText.isSame(authority, host.toString(), port);
    }

    private static Http2Exception malformed(int streamId, String reason) {
        return Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, reason);
    }
}
