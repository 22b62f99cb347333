package io.tollgate.node.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.tollgate.engine.upstream.TlsRules;
import io.tollgate.engine.upstream.UpstreamProtocol;
import io.tollgate.node.secure.TargetSecurity;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection on its way: made, secured, and for HTTP/2 agreed upon. Ends once, with a connection or a failure, within the time-out.
 * Event-loop confined.
 */
final class ConnectionOpening extends ChannelInitializer<Channel> {
    private final TargetConnections home;
    private final TargetSecurity security;
    private final @Nullable ConnectionTaker taker;
    private final @Nullable TlsRules tls;
    private final UpstreamDecoder decoder = new UpstreamDecoder();
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> deadline;
    private int timeoutMillis;
    private boolean over;

    /** @param taker whose connection it is going to be; null: of those that wait */
    ConnectionOpening(TargetConnections home, TargetSecurity security, @Nullable ConnectionTaker taker) {
        this.home = home;
        this.security = security;
        this.taker = taker;
        this.tls = home.transport().tls();
    }

    void start(Bootstrap bootstrap, int millis) {
        timeoutMillis = millis;
        ChannelFuture connected = bootstrap
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .handler(this)
                .connect(home.address());
        connected.addListener(done -> {
            if (!connected.isSuccess()) {
                onFailure(done.cause());
            } else if (tls != null || isHttp2()) {
                awaitMore(connected.channel());
            } else {
                onHttp1(connected.channel());
            }
        });
    }

    private void awaitMore(Channel connected) {
        if (!over) {
            deadline = connected
                    .eventLoop()
                    .schedule(
                            () -> onFailure(new ConnectTimeoutException("not agreed on in time")),
                            timeoutMillis,
                            TimeUnit.MILLISECONDS);
        }
    }

    @Override
    protected void initChannel(Channel made) throws SSLException {
        channel = made;
        if (tls != null) {
            SslHandler handler = security.handler(home.transport(), tls, home.target(), made.alloc());
            handler.setHandshakeTimeoutMillis(timeoutMillis);
            made.pipeline().addLast(handler, new Agreement());
        } else if (isHttp2()) {
            Http2Connection.start(made.pipeline(), this);
        } else {
            made.pipeline().addLast(decoder);
        }
    }

    private boolean isHttp2() {
        return home.transport().protocol() == UpstreamProtocol.HTTP2;
    }

    private void onHttp1(Channel open) {
        Http1Connection connection = new Http1Connection(home, open, decoder);
        open.pipeline().addLast(connection);
        end();
        home.onOpened(connection, taker);
    }

    /** The peer's settings are here. */
    void onHttp2(Http2Connection connection) {
        if (!over) {
            end();
            connection.join(home);
            home.onOpened(connection);
        }
    }

    /** There will be no connection. */
    void onFailure(Throwable cause) {
        if (!over) {
            end();
            Channel made = channel;
            if (made != null) {
                made.close();
            }
            home.onFailed(cause, taker);
        }
    }

    private void end() {
        over = true;
        ScheduledFuture<?> timer = deadline;
        deadline = null;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** What follows the handshake: keeps what comes with its last bytes until somebody reads it. */
    private final class Agreement extends ApplicationProtocolNegotiationHandler {
        Agreement() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            if (over) {
                context.close();
            } else if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                Http2Connection.start(context.pipeline(), ConnectionOpening.this);
            } else if (isHttp2()) {
                onFailure(new NotHttp2Exception());
            } else {
                context.pipeline().addLast(decoder, new CloseGuard());
                onHttp1(context.channel());
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
            onFailure(cause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            onFailure(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            onFailure(new SSLException("closed in the handshake"));
            super.channelInactive(context);
        }
    }
}
