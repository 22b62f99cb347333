package io.tollgate.node.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.ScheduledFuture;
import io.tollgate.engine.upstream.UpstreamProtocol;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection on its way: made, and for HTTP/2 agreed upon. Ends once, with a connection or a failure, within the time-out. Event-loop
 * confined.
 */
final class ConnectionOpening extends ChannelInitializer<Channel> {
    private final TargetConnections home;
    private final @Nullable ConnectionTaker taker;
    private final UpstreamDecoder decoder = new UpstreamDecoder();
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean over;

    /** @param taker whose connection it is going to be; null: of those that wait */
    ConnectionOpening(TargetConnections home, @Nullable ConnectionTaker taker) {
        this.home = home;
        this.taker = taker;
    }

    void start(Bootstrap bootstrap, int timeoutMillis) {
        ChannelFuture connected = bootstrap
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(this)
                .connect(home.address());
        connected.addListener(done -> {
            if (!connected.isSuccess()) {
                onFailure(done.cause());
            } else if (isHttp2()) {
                deadline = connected
                        .channel()
                        .eventLoop()
                        .schedule(
                                () -> onFailure(new ConnectTimeoutException("no settings in time")),
                                timeoutMillis,
                                TimeUnit.MILLISECONDS);
            } else {
                onHttp1(connected.channel());
            }
        });
    }

    @Override
    protected void initChannel(Channel made) {
        channel = made;
        if (isHttp2()) {
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
        over = true;
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
}
