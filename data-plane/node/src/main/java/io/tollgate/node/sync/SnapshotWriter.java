package io.tollgate.node.sync;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Makes what the replica holds durable: the newest revision and nothing in between, at most each {@link #INTERVAL_MILLIS_MIN} ms, so that
 * a burst of edits costs one write. Confined to the watch thread, but for {@link #durableRevision}; the file is written on a thread of its
 * own.
 */
final class SnapshotWriter {
    static final long INTERVAL_MILLIS_MIN = 200;
    /** After a write that failed: a full disk is not emptied within milliseconds. */
    static final long RETRY_MILLIS = 2_000;

    private static final Logger LOG = System.getLogger(SnapshotWriter.class.getName());

    private final SnapshotReplica replica;
    private final SnapshotFile file;
    private final SerialThread watch;
    private final Runnable onDurable;
    private final SerialThread disk = new SerialThread("snapshot-file");

    private volatile long durableRevision;
    private String durableEpoch = "";
    private boolean writing;
    private boolean stopped;

    /** @param onDurable told on the watch thread that what is durable is newer than before */
    SnapshotWriter(SnapshotReplica replica, SnapshotFile file, SerialThread watch, Runnable onDurable) {
        this.replica = replica;
        this.file = file;
        this.watch = watch;
        this.onDurable = onDurable;
    }

    /** The newest revision that a start would serve from; 0 when there is none. Any thread. */
    long durableRevision() {
        return durableRevision;
    }

    /** This was read from the file. */
    void restored(HeldSnapshot snapshot) {
        durableRevision = snapshot.revision();
        durableEpoch = snapshot.controlEpoch();
    }

    /** The replica holds something new. */
    void write() {
        if (writing || isDurable() || stopped) {
            return;
        }
        writing = true;
        HeldSnapshot newest = replica.capture();
        disk.execute(() -> {
            boolean written = write(newest);
            watch.execute(() -> written(newest, written));
        });
    }

    /** An orderly stop does not wait for the interval: the next start serves what this one did. */
    void writeLast() {
        stopped = true;
        if (!isDurable()) {
            HeldSnapshot newest = replica.capture();
            disk.execute(() -> write(newest));
        }
    }

    /** Waits for what is being written; whether it was within that time. Any thread, after {@link #writeLast}. */
    boolean stop(long waitMillisMax) throws InterruptedException {
        return disk.stop(waitMillisMax);
    }

    private boolean write(HeldSnapshot snapshot) {
        try {
            file.write(snapshot);
            return true;
        } catch (IOException failure) {
            LOG.log(
                    Level.ERROR,
                    "event=snapshot-not-written revision={0} reason=\"{1}\"",
                    Long.toString(snapshot.revision()),
                    failure);
            return false;
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "event=snapshot-not-written revision=" + snapshot.revision(), bug);
            return false;
        }
    }

    private void written(HeldSnapshot snapshot, boolean successfully) {
        if (successfully) {
            restored(snapshot);
            onDurable.run();
        }
        // Applied meanwhile, or failed: again, but not before the interval has passed.
        watch.after(successfully ? INTERVAL_MILLIS_MIN : RETRY_MILLIS, () -> {
            writing = false;
            write();
        });
    }

    private boolean isDurable() {
        return durableRevision == replica.revision() && durableEpoch.equals(replica.controlEpoch());
    }
}
