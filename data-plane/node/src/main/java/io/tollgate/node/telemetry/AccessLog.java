package io.tollgate.node.telemetry;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One JSON line per request, written by a thread of its own. Shared: event loops only offer to a bounded queue and never
 * wait; what does not fit is dropped and counted.
 *
 * <p>Nothing secret is written: no header values, and no query, since it may hold a key.
 */
public final class AccessLog {
    /** Lines that may wait for the disk: some seconds at full speed. */
    static final int QUEUE_MAX = 65_536;

    private static final Logger LOG = Logger.getLogger(AccessLog.class.getName());

    private final Writer writer;
    private final BlockingQueue<AccessLine> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;

    /** Starts writing to {@code writer}, which is closed at the end. */
    public AccessLog(Writer writer) {
        this.writer = writer;
        this.thread = new Thread(this::run, "access-log");
        thread.setDaemon(true);
        thread.start();
    }

    /** Notes the end of a request. */
    public void offer(Exchange exchange, Outcome outcome, long nowNanos, long nowMillis) {
        if (!queue.offer(line(exchange, outcome, nowNanos, nowMillis))) {
            dropped.increment();
        }
    }

    /** Lines that were lost because the queue was full or the disk failed. */
    public long dropped() {
        return dropped.sum();
    }

    private static AccessLine line(Exchange exchange, Outcome outcome, long nowNanos, long nowMillis) {
        Credential credential = exchange.credential();
        Consumer consumer = exchange.consumer();
        Plan plan = exchange.plan();
        Route route = exchange.route();
        TargetState target = exchange.upstreamTarget();
        return new AccessLine(
                nowMillis,
                exchange.requestId(),
                exchange.clientAddress(),
                exchange.request().method().name(),
                exchange.client().host(),
                exchange.path(),
                route == null ? "" : route.name(),
                consumer == null ? "" : consumer.name(),
                credential == null ? "" : credential.id(),
                plan == null ? "" : plan.name(),
                exchange.answerStatus(),
                outcome.word(),
                exchange.requestBytes(),
                exchange.responseBytes(),
                (nowNanos - exchange.startNanos()) / 1000,
                target == null ? "" : target.toString(),
                exchange.upstreamHeadNanos() / 1000);
    }

    private void run() {
        try (writer) {
            StringBuilder text = new StringBuilder();
            while (!closing || !queue.isEmpty()) {
                AccessLine line = queue.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    text.setLength(0);
                    line.appendTo(text);
                    write(text, queue.isEmpty());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "event=access-log-close-failed", e);
        }
    }

    private void write(StringBuilder text, boolean flush) {
        try {
            writer.append(text);
            if (flush) {
                writer.flush();
            }
        } catch (IOException e) {
            if (dropped.sum() == 0) {
                LOG.log(Level.WARNING, "event=access-log-write-failed", e);
            }
            dropped.increment();
        }
    }

    /** Writes what is queued and ends. */
    public void close() throws InterruptedException {
        closing = true;
        thread.join(TimeUnit.SECONDS.toMillis(5));
    }
}
