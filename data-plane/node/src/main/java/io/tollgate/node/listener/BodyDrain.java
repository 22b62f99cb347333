package io.tollgate.node.listener;

import io.tollgate.node.exchange.Exchange;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads and forgets the rest of a request body whose answer is already out, up to a bound: a client that is cut off while
 * it still sends may never see its answer. Event-loop confined.
 */
final class BodyDrain {
    /** Bytes worth reading for the sake of the connection. */
    static final long BYTES_MAX = 1_048_576;
    /** Time that a slow sender gets. */
    static final long MILLIS_MAX = 5_000;

    private final HttpServerRequest request;
    private final boolean thenClose;
    private long bytes;

    private BodyDrain(HttpServerRequest request, boolean thenClose) {
        this.request = request;
        this.thenClose = thenClose;
    }

    /** Whether body bytes may still come. */
    static boolean isNeeded(Exchange exchange) {
        return exchange.body().isPresent() && !exchange.request().isEnded();
    }

    /** Whether a client is told that its connection ends with this answer: its body is too long to be read for nothing. */
    static boolean mustClose(Exchange exchange) {
        return isNeeded(exchange)
                && (exchange.body().isChunked()
                        || exchange.body().lengthBytes() > BYTES_MAX
                        || exchange.request().headers().contains(io.vertx.core.http.HttpHeaders.EXPECT));
    }

    static void start(Vertx vertx, HttpServerRequest request, boolean thenClose) {
        BodyDrain drain = new BodyDrain(request, thenClose);
        long timer = vertx.setTimer(MILLIS_MAX, late -> request.connection().close());
        request.exceptionHandler(gone -> vertx.cancelTimer(timer));
        request.handler(chunk -> drain.onBytes(chunk.length()));
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            drain.onEnd();
        });
        request.resume();
    }

    private void onBytes(int more) {
        bytes += more;
        if (bytes > BYTES_MAX) {
            request.connection().close();
        }
    }

    private void onEnd() {
        if (thenClose) {
            request.connection().close();
        }
    }
}
