package io.tollgate.node.proxy;

import io.tollgate.node.exchange.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Asks for a connection and gives it back unused, for the first call to find. Event-loop confined. */
final class WarmingConnection implements ConnectionTaker {
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
}
