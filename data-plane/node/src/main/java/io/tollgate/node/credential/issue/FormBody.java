package io.tollgate.node.credential.issue;

import io.tollgate.node.exchange.ClientWatcher;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads the small body of one request whole, within its bounds of length and time. Event-loop confined. */
final class FormBody implements ClientWatcher {
    /** Longer than any form of RFC 6749 whose token and secret are of their greatest length. */
    static final int BYTES_MAX = 32 * 1_024;

    private static final Logger LOG = System.getLogger(FormBody.class.getName());

    private final Exchange exchange;
    private final Ending ending;
    private final Buffer bytes = Buffer.buffer();
    private long timer;
    private boolean over;

    private FormBody(Exchange exchange, Ending ending) {
        this.exchange = exchange;
        this.ending = ending;
    }

    /** Reads it; {@code then} gets it, one character per octet, unless the request ends before. */
    static void read(Exchange exchange, Ending ending, Consumer<String> then) {
        FormBody body = new FormBody(exchange, ending);
        if (exchange.body().lengthBytes() > BYTES_MAX) {
            ending.ended(exchange, Outcome.BODY_TOO_LARGE);
            return;
        }
        exchange.relayedBy(body);
        body.timer = exchange.scratch()
                .timer()
                .after(
                        exchange.bounds().bodyTimeoutMillis(),
                        () -> body.end(() -> {
                            exchange.breakBody();
                            ending.ended(exchange, Outcome.REQUEST_TIMEOUT);
                        }));
        exchange.request().handler(body::take);
        exchange.request()
                .exceptionHandler(broken -> body.end(() -> {
                    exchange.breakBody();
                    ending.ended(exchange, Outcome.BAD_REQUEST);
                }));
        exchange.request().endHandler(end -> body.end(() -> body.tell(then)));
        if (exchange.request().version() == HttpVersion.HTTP_1_1
                && "100-continue".equalsIgnoreCase(exchange.request().headers().get(HttpHeaders.EXPECT))) {
            exchange.response().writeContinue();
        }
        exchange.request().resume();
    }

    /** Whatever happens, the request ends: nobody else hears of a failure here. */
    private void tell(Consumer<String> then) {
        try {
            then.accept(bytes.toString(StandardCharsets.ISO_8859_1));
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "event=request-failed request_id=" + exchange.requestId(), bug);
            if (!exchange.isOver()) {
                ending.ended(exchange, Outcome.INTERNAL);
            }
        }
    }

    private void take(Buffer chunk) {
        exchange.addRequestBytes(chunk.length());
        if (bytes.length() + chunk.length() > BYTES_MAX) {
            end(() -> ending.ended(exchange, Outcome.BODY_TOO_LARGE));
        } else if (!over) {
            bytes.appendBuffer(chunk);
        }
    }

    private void end(Runnable how) {
        if (!over) {
            over = true;
            exchange.scratch().timer().cancel(timer);
            how.run();
        }
    }

    @Override
    public void onClientGone() {
        over = true;
        exchange.scratch().timer().cancel(timer);
        ending.ended(exchange, Outcome.CLIENT_GONE);
    }
}
