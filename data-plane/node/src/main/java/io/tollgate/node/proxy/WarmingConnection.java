package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.tollgate.node.exchange.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Asks for a connection and gives it back unused, for the first call to find. Event-loop confined. */
final class WarmingConnection implements UpstreamListener {
    private final Clock clock;
    private final int connectTimeoutMillis;
    private final Promise<Void> done = Promise.promise();

    WarmingConnection(Clock clock, int connectTimeoutMillis) {
        this.clock = clock;
        this.connectTimeoutMillis = connectTimeoutMillis;
    }

    /** Done once it is open, or cannot be opened. */
    Future<Void> done() {
        return done.future();
    }

    @Override
    public boolean isOver() {
        return done.future().isComplete();
    }

    @Override
    public int connectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    @Override
    public void onConnection(UpstreamConnection given) {
        given.release(clock.nanos());
        done.tryComplete();
    }

    @Override
    public void onConnectFailure(Throwable cause) {
        done.tryComplete();
    }

    @Override
    public void onHead(HttpResponse head) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onContent(ByteBuf content) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onLast(LastHttpContent last) {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onBadAnswer() {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onUpstreamWritable() {
        throw new IllegalStateException("nothing was asked");
    }

    @Override
    public void onUpstreamClosed(UpstreamConnection closed) {
        throw new IllegalStateException("nothing was asked");
    }
}
