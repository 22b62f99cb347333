package io.tollgate.node.usage;

import io.grpc.Status;
import io.tollgate.node.dial.Backoff;
import io.tollgate.node.dial.DialedChannel;
import io.tollgate.node.dial.StreamDialer;
import io.tollgate.node.dial.StreamEnd;
import io.tollgate.proto.usage.v1.UsageReceipt;
import io.tollgate.proto.usage.v1.UsageVerdict;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings sealed segments to the ledger: seals what event loops hand over, sends it, and forgets it only when a receipt
 * says that it was counted. One thread of its own does all of it; public methods may be called from any thread.
 *
 * <p>A segment is on disk, in its final form, before it is sent, and is sent again until it is answered: to a new
 * stream after the old one broke, later after RETRY. The other side counts a name once, so a repeat costs nothing.
 */
public final class UsageReporter {
    /** Enough to keep the ledger's transactions busy, few enough that a lost stream repeats little. */
    static final int BATCHES_IN_FLIGHT_MAX = 8;
    /** A stream that answers nothing for this long is dead, whatever TCP thinks. */
    static final long RECEIPT_TIMEOUT_MILLIS = 15_000;

    private static final Logger LOG = System.getLogger(UsageReporter.class.getName());
    private static final long TICK_MILLIS = 1_000;

    private record InFlight(Segment segment, long sentAtMillis) {}

    private final SegmentStore store;
    private final List<UsageJournal> journals;
    private final StreamDialer dialer;
    private final Backoff backoff;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor thread;
    private final TreeMap<SegmentName, Segment> waiting = new TreeMap<>();
    private final Map<SegmentName, InFlight> inFlight = new LinkedHashMap<>();
    private final CountDownLatch drained = new CountDownLatch(1);
    private @Nullable ReportStream stream;
    private long nextTryAtMillis;
    private boolean silent;
    private boolean draining;
    private long batchesCounted;
    private long batchesRefused;
    private volatile UsageFigures figures = UsageFigures.NONE;

    /** A reporter for these journals; {@link #start} starts it. */
    public UsageReporter(
            SegmentStore store,
            List<UsageJournal> journals,
            StreamDialer dialer,
            Backoff backoff,
            InstantSource clock) {
        this.store = store;
        this.journals = List.copyOf(journals);
        this.dialer = dialer.another();
        this.backoff = backoff;
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "usage-reporter"));
    }

    /** Seals and sends what earlier starts left, then what comes. */
    public void start() {
        store.onWake(() -> onThread(this::pump));
        thread.scheduleWithFixedDelay(() -> guarded(this::tick), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How the meter stands; at most about a second old. */
    public UsageFigures figures() {
        return figures;
    }

    /**
     * The end: sends what the journals handed over (seal them first) and waits for the receipts, but not for longer
     * than the bound; then stops.
     *
     * @return segments that are still on disk; the next start sends them
     */
    public int drain(long timeoutMillis) throws InterruptedException {
        onThread(() -> {
            draining = true;
            // A chance at once: the last try may have been told to wait for longer than the end may last.
            nextTryAtMillis = 0;
            pump();
        });
        boolean empty = drained.await(timeoutMillis, TimeUnit.MILLISECONDS);
        // Prepared segments stay: a call that ends even later still finds a place, and the next start reads it.
        onThread(this::disconnect);
        thread.shutdown();
        if (!thread.awaitTermination(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.log(Level.WARNING, "event=usage-reporter-still-busy");
        }
        return empty ? 0 : figures.segmentsWaiting();
    }

    private void tick() {
        long nowMillis = clock.millis();
        for (UsageJournal journal : journals) {
            journal.force();
        }
        boolean overdue =
                inFlight.values().stream().anyMatch(sent -> nowMillis - sent.sentAtMillis() > RECEIPT_TIMEOUT_MILLIS);
        if (overdue) {
            streamLost("no receipt for " + RECEIPT_TIMEOUT_MILLIS + " ms");
        }
        pump();
    }

    /** Everything that can be done now, in the order of a segment's life. */
    private void pump() {
        long nowMillis = clock.millis();
        for (Segment left : store.drainRecovered()) {
            accept(left, nowMillis);
        }
        for (Segment handed = store.nextHanded(); handed != null; handed = store.nextHanded()) {
            accept(handed, nowMillis);
        }
        if (!draining) {
            store.prepareSpares();
        }
        if (!waiting.isEmpty() && nowMillis >= nextTryAtMillis) {
            send(nowMillis);
        }
        publishFigures();
        if (draining && waiting.isEmpty() && inFlight.isEmpty()) {
            drained.countDown();
        }
    }

    private void accept(Segment segment, long nowMillis) {
        if (segment.isEmpty()) {
            store.recycle(segment);
            return;
        }
        if (!segment.isSealed()) {
            segment.seal(nowMillis);
        }
        waiting.put(segment.name(), segment);
    }

    private void send(long nowMillis) {
        ReportStream open = stream;
        if (open == null) {
            open = ReportStream.open(dialer.dial(), this::onThread, this::received, this::ended);
            stream = open;
        }
        while (!waiting.isEmpty() && inFlight.size() < BATCHES_IN_FLIGHT_MAX) {
            Segment oldest = waiting.pollFirstEntry().getValue();
            inFlight.put(oldest.name(), new InFlight(oldest, nowMillis));
            open.send(UsageBatches.of(oldest));
        }
    }

    private void received(DialedChannel from, UsageReceipt receipt) {
        ReportStream open = stream;
        if (open == null || !open.isOn(from)) {
            return; // A stream that was given up; its batches are sent again.
        }
        SegmentName name = new SegmentName(receipt.getBootEpoch(), receipt.getSequence());
        InFlight answered = inFlight.remove(name);
        if (answered == null) {
            return;
        }
        settle(answered.segment(), receipt);
        pump();
    }

    private void settle(Segment segment, UsageReceipt receipt) {
        if (receipt.getVerdict() == UsageVerdict.USAGE_VERDICT_COUNTED) {
            batchesCounted++;
            backoff.reset();
            if (silent) {
                silent = false;
                LOG.log(Level.INFO, "event=usage-stream-works-again");
            }
            store.recycle(segment);
        } else if (receipt.getVerdict() == UsageVerdict.USAGE_VERDICT_REFUSED) {
            batchesRefused++;
            store.setAside(segment, receipt.getDetail());
        } else {
            // RETRY, or a word of a later protocol: nothing was promised, so the segment is kept.
            waiting.put(segment.name(), segment);
            tryLater();
        }
    }

    private void ended(DialedChannel from, Status status) {
        ReportStream open = stream;
        if (open != null && open.isOn(from)) {
            streamLost(StreamEnd.reason(status));
            publishFigures();
        }
    }

    private void streamLost(String reason) {
        ReportStream open = stream;
        if (open != null && !silent) {
            // Said once, not once per try: the figures tell how long it lasts.
            silent = true;
            LOG.log(Level.WARNING, "event=usage-stream-lost peer={0} reason=\"{1}\"", open.peer(), reason);
        }
        disconnect();
        for (InFlight sent : inFlight.values()) {
            waiting.put(sent.segment().name(), sent.segment());
        }
        inFlight.clear();
        tryLater();
    }

    private void disconnect() {
        ReportStream open = stream;
        if (open != null) {
            stream = null;
            open.close();
        }
    }

    private void tryLater() {
        long delayMillis = backoff.nextDelayMillis();
        nextTryAtMillis = clock.millis() + delayMillis;
        if (!thread.isShutdown()) {
            thread.schedule(() -> guarded(this::pump), delayMillis + 1, TimeUnit.MILLISECONDS);
        }
    }

    private void publishFigures() {
        store.backlog(waiting.size());
        long oldest = 0;
        if (!inFlight.isEmpty()) {
            oldest = inFlight.values().iterator().next().segment().sealedAtMillis();
        } else if (!waiting.isEmpty()) {
            oldest = waiting.firstEntry().getValue().sealedAtMillis();
        }
        figures = new UsageFigures(
                waiting.size() + inFlight.size(),
                store.bytes(),
                oldest,
                batchesCounted,
                batchesRefused,
                stream != null);
    }

    private void onThread(Runnable work) {
        try {
            thread.execute(() -> guarded(work));
        } catch (RejectedExecutionException stopped) {
            // After the end a late count stays in its file; the next start finds it.
            LOG.log(Level.DEBUG, "event=usage-reporter-stopped");
        }
    }

    /** A bug must not end the meter in silence: said, and tried again with the next second. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "event=usage-reporter-failed", bug);
        }
    }
}
