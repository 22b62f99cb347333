package io.tollgate.node.usage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The files of the journal: prepares spares ahead, finds what an earlier process left, recycles what was counted.
 *
 * <p>{@link #take} and {@link #handOver} are called by event loops and never block; everything else belongs to the
 * reporter thread (and, before that runs, to the thread that starts the node).
 *
 * <p>The epoch is new with every start, so a plain counter gives names that no other file ever had.
 */
public final class SegmentStore {
    private static final Logger LOG = System.getLogger(SegmentStore.class.getName());

    private final Path directory;
    private final String nodeId;
    private final long bootEpoch;
    private final JournalBounds bounds;
    private final ConcurrentLinkedQueue<Segment> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger readyCount = new AtomicInteger();
    private final ConcurrentLinkedQueue<Segment> handed = new ConcurrentLinkedQueue<>();
    private final List<Segment> recovered = new ArrayList<>();
    private volatile Runnable wake = () -> {};
    private final AtomicInteger files = new AtomicInteger();
    private volatile int backlog;
    private long sequence;
    private boolean full;

    private SegmentStore(Path directory, String nodeId, long bootEpoch, JournalBounds bounds) {
        this.directory = directory;
        this.nodeId = nodeId;
        this.bootEpoch = bootEpoch;
        this.bounds = bounds;
    }

    /**
     * Reads what lies in the directory and prepares the first spares. A file that cannot be counted is set aside under
     * another name and never deleted.
     */
    public static SegmentStore open(Path directory, String nodeId, long bootEpoch, JournalBounds bounds)
            throws IOException {
        SegmentStore store = new SegmentStore(directory, nodeId, bootEpoch, bounds);
        store.recover();
        store.prepareSpares();
        return store;
    }

    private void recover() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory, "*.{segment,spare}")) {
            listing.forEach(found::add);
        }
        for (Path file : found) {
            String fileName = file.getFileName().toString();
            if (fileName.endsWith(".spare")) {
                Files.delete(file); // Never held a count.
                continue;
            }
            SegmentName name = SegmentName.parse(fileName);
            try {
                if (name == null) {
                    throw new SegmentException("its name is not one of ours");
                }
                keep(Segment.recover(file, nodeId, name));
            } catch (SegmentException bad) {
                Path aside = file.resolveSibling(fileName + ".refused");
                Files.move(file, aside);
                LOG.log(Level.ERROR, "event=usage-segment-refused file={0} reason=\"{1}\"", aside, bad.getMessage());
            }
        }
    }

    private void keep(Segment segment) throws IOException {
        if (segment.isEmpty()) {
            Files.delete(segment.file());
            return;
        }
        recovered.add(segment);
        files.incrementAndGet();
    }

    // Event loops.

    /** A prepared segment, or null when there is none (yet, or because the disk is full). */
    @Nullable
    Segment take() {
        Segment segment = ready.poll();
        if (segment != null) {
            readyCount.decrementAndGet();
            wake.run();
        }
        return segment;
    }

    /** Gives a segment to the reporter; the caller does not touch it again. */
    void handOver(Segment segment) {
        handed.add(segment);
        wake.run();
    }

    /** Sealed segments that wait for the control plane. */
    int backlog() {
        return backlog;
    }

    // Reporter thread.

    void onWake(Runnable whenTakenOrHanded) {
        wake = whenTakenOrHanded;
    }

    void backlog(int segments) {
        backlog = segments;
    }

    @Nullable
    Segment nextHanded() {
        return handed.poll();
    }

    /** Segments of earlier starts, once. */
    List<Segment> drainRecovered() {
        List<Segment> all = List.copyOf(recovered);
        recovered.clear();
        return all;
    }

    /** Brings the spares up to their number as far as the bounds and the disk allow. */
    void prepareSpares() {
        while (readyCount.get() < bounds.spareCount()) {
            if (files.get() >= bounds.filesMax()) {
                full("its bound of " + bounds.bytesMax() + " bytes is reached");
                return;
            }
            SegmentName name = nextName();
            try {
                offer(Segment.create(directory, nodeId, name, bounds.slotCount()));
                files.incrementAndGet();
            } catch (IOException failure) {
                deleteQuietly(directory.resolve(name.spareFileName()));
                full(String.valueOf(failure.getMessage()));
                return;
            }
        }
        if (full) {
            full = false;
            LOG.log(Level.INFO, "event=usage-journal-has-room-again");
        }
    }

    /** The segment is in the ledger (or held nothing): its file becomes a spare or goes. */
    void recycle(Segment segment) {
        if (readyCount.get() < bounds.spareCount() && segment.slotCount() == bounds.slotCount()) {
            try {
                segment.reopen(directory, nextName());
                offer(segment);
                return;
            } catch (IOException failure) {
                LOG.log(Level.WARNING, "event=usage-segment-not-recycled reason=\"{0}\"", failure.getMessage());
            }
        }
        files.decrementAndGet();
        deleteQuietly(segment.file());
    }

    /** The segment can never be counted: kept for the operator under another name. */
    void setAside(Segment segment, String reason) {
        files.decrementAndGet();
        Path aside = segment.file().resolveSibling(segment.file().getFileName() + ".refused");
        try {
            segment.rename(aside);
        } catch (IOException failure) {
            LOG.log(Level.ERROR, "event=usage-segment-not-set-aside reason=\"{0}\"", failure.getMessage());
        }
        LOG.log(Level.ERROR, "event=usage-batch-refused file={0} reason=\"{1}\"", aside, reason);
    }

    // Any thread.

    /** Bytes of all segments, counted or spare. */
    long bytes() {
        return files.get() * SegmentLayout.fileBytes(bounds.slotCount());
    }

    private void offer(Segment segment) {
        ready.add(segment);
        readyCount.incrementAndGet();
    }

    private SegmentName nextName() {
        sequence++;
        return new SegmentName(bootEpoch, sequence);
    }

    private void full(String reason) {
        if (!full) {
            full = true;
            LOG.log(Level.ERROR, "event=usage-journal-full reason=\"{0}\"", reason);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "event=usage-file-not-deleted file={0} reason=\"{1}\"", file, failure.getMessage());
        }
    }
}
