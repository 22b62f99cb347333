package io.tollgate.node.accesslog;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.token.VerifiedToken;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.RequestTrace;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One line per request that is chosen, written by a thread of its own. Shared: event loops only offer to a bounded queue and
 * never wait; what does not fit is dropped and counted.
 *
 * <p>Nothing secret is written: of header fields only those that were chosen, and of them none that holds a key on the route at
 * hand; no query unless it was chosen.
 */
public final class AccessLog {
    /** Lines that may wait: some seconds at full speed. */
    static final int QUEUE_MAX = 65_536;

    private static final Logger LOG = Logger.getLogger(AccessLog.class.getName());
    private static final int SHARE_PARTS = 1_000_000;
    private static final long CLOSE_SECONDS_MAX = 5;
    private static final long IDLE_MILLIS = 100;
    private static final int UNFLUSHED_MAX = 1_000;

    private final LogSettings settings;
    private final LineSink sink;
    private final LogFormat format;
    private final List<String> headers;
    private final BlockingQueue<AccessLine> queue;
    private final LongAdder written = new LongAdder();
    private final LongAdder[] dropped = {new LongAdder(), new LongAdder()};
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean moved;
    private int unflushed;
    private boolean failing;

    /** Starts writing to {@code sink}, which is closed at the end. */
    public AccessLog(LogSettings settings, LineSink sink) {
        this(settings, sink, QUEUE_MAX);
    }

    /** @param queueMax lines that may wait */
    AccessLog(LogSettings settings, LineSink sink, int queueMax) {
        this.settings = settings;
        this.sink = sink;
        this.format = settings.format();
        this.headers = settings.headers();
        this.queue = new ArrayBlockingQueue<>(queueMax);
        this.thread = new Thread(this::run, "access-log");
        thread.setDaemon(true);
        thread.start();
    }

    /** Notes the end of a request, if it is one of those that are chosen. Event loop of the request. */
    public void offer(Exchange exchange, Outcome outcome, long nowNanos, long nowMillis) {
        double share = settings.sample().share(exchange.answerStatus(), outcome, nowNanos - exchange.startNanos());
        if (share < 1 && exchange.scratch().draws().below(SHARE_PARTS) >= share * SHARE_PARTS) {
            return;
        }
        if (!queue.offer(line(exchange, outcome, share, nowNanos, nowMillis))) {
            dropped[DropReason.QUEUE_FULL.ordinal()].increment();
        }
    }

    /** Lines that the destination took. */
    public long written() {
        return written.sum();
    }

    /** Lines that were lost for this reason. */
    public long dropped(DropReason reason) {
        return dropped[reason.ordinal()].sum();
    }

    private AccessLine line(Exchange exchange, Outcome outcome, double share, long nowNanos, long nowMillis) {
        Credential credential = exchange.credential();
        Consumer consumer = exchange.consumer();
        VerifiedToken token = exchange.token();
        Plan plan = exchange.plan();
        Route route = exchange.route();
        Upstream service = exchange.service();
        TargetState target = exchange.upstreamTarget();
        RequestTrace trace = exchange.trace();
        long wholeNanos = nowNanos - exchange.startNanos();
        return new AccessLine(
                nowMillis,
                exchange.requestId(),
                trace == null ? "" : trace.traceId(),
                exchange.clientAddress(),
                exchange.request().method().name(),
                exchange.client().host(),
                exchange.path(),
                settings.tellsQuery() ? query(exchange) : "",
                protocol(exchange.request().version()),
                route == null ? "" : route.name(),
                service == null ? "" : service.name(),
                consumer == null ? "" : consumer.name(),
                credential == null ? "" : credential.id(),
                token == null ? "" : token.issuer().name(),
                token == null ? "" : token.subjectDigest(),
                plan == null ? "" : plan.name(),
                exchange.clientCertificate(),
                exchange.answerStatus(),
                outcome.word(),
                exchange.requestBytes(),
                exchange.responseBytes(),
                wholeNanos / 1000,
                (wholeNanos - exchange.upstreamNanos()) / 1000,
                target == null ? "" : target.toString(),
                exchange.upstreamHeadNanos() / 1000,
                exchange.upstreamNanos() / 1000,
                headers(exchange),
                share);
    }

    private static String query(Exchange exchange) {
        HeadRewrite rewrite = exchange.headRewrite();
        return rewrite == null ? exchange.query() : rewrite.visibleQuery(exchange.query());
    }

    private static String protocol(@Nullable HttpVersion version) {
        return version == null
                ? "HTTP/?"
                : switch (version) {
                    case HTTP_1_0 -> "HTTP/1.0";
                    case HTTP_1_1 -> "HTTP/1.1";
                    case HTTP_2 -> "HTTP/2";
                };
    }

    // Read here, since the fields of a request are its event loop's.
    private String[] headers(Exchange exchange) {
        String[] values = new String[headers.size()];
        HeadRewrite rewrite = exchange.headRewrite();
        for (int i = 0; i < values.length; i++) {
            String name = headers.get(i);
            String value = exchange.request().getHeader(name);
            values[i] = value == null ? "" : rewrite != null && rewrite.drops(name, exchange) ? Redaction.MASK : value;
        }
        return values;
    }

    private void run() {
        StringBuilder text = new StringBuilder();
        try (sink) {
            while (!closing || !queue.isEmpty()) {
                AccessLine line = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (line != null) {
                    text.setLength(0);
                    format.append(line, text);
                    write(text);
                }
                if (moved) {
                    moved = false;
                    hand(sink::reopen);
                } else if (queue.isEmpty() || unflushed >= UNFLUSHED_MAX) {
                    hand(sink::flush);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "event=access-log-close-failed", e);
        }
    }

    private void write(StringBuilder text) {
        unflushed++;
        try {
            sink.write(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            failed(e);
        }
    }

    private interface Handover {
        void run() throws IOException;
    }

    private void hand(Handover over) {
        try {
            over.run();
            if (unflushed > 0) {
                written.add(unflushed);
                unflushed = 0;
                failing = false;
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        dropped[DropReason.WRITE_FAILED.ordinal()].add(unflushed);
        unflushed = 0;
        if (!failing) {
            LOG.log(Level.WARNING, "event=access-log-write-failed", e);
        }
        failing = true;
    }

    /** Whether it is written to a file, which may be moved. */
    public boolean hasFile() {
        return settings.destination() instanceof LogDestination.LogFile;
    }

    /** Somebody has moved its file: what was written so far is handed over there, and a new one begun. Any thread. */
    public void reopen() {
        moved = true;
    }

    /** Writes what is queued and ends, in some seconds at most. */
    public void close() throws InterruptedException {
        closing = true;
        thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS_MAX));
    }
}
