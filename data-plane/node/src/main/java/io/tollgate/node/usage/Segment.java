package io.tollgate.node.usage;

import io.tollgate.node.exchange.UsageEntry;
import io.tollgate.node.home.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * One memory-mapped file of counts; {@link SegmentLayout} is its picture. Written by one event loop until it is handed
 * over, then owned by the reporter thread; the hand-over is through a concurrent queue.
 *
 * <p>Slots are filled in order and found through an index that the {@link UsageJournal} keeps on the heap, so a quiet
 * second dirties one page. A slot without requests is unused, whatever else it holds.
 */
final class Segment {
    private static final int ZEROS_BYTES = 64 * 1024;

    private final MappedByteBuffer bytes;
    private final int slotCount;
    private final String nodeId;
    private SegmentName name;
    private Path file;
    private int slotsUsed;

    private Segment(MappedByteBuffer bytes, int slotCount, String nodeId, SegmentName name, Path file) {
        this.bytes = bytes;
        this.slotCount = slotCount;
        this.nodeId = nodeId;
        this.name = name;
        this.file = file;
        // Until someone knows better: all of them.
        this.slotsUsed = slotCount;
    }

    /**
     * A new open segment under its final name.
     *
     * <p>The file is filled with real zeros first: a page of a sparse file that the disk has no room for would kill the
     * process at the first write to it.
     */
    static Segment create(Path directory, String nodeId, SegmentName name, int slotCount) throws IOException {
        Path spare = directory.resolve(name.spareFileName());
        MappedByteBuffer mapped;
        try (FileChannel channel = FileChannel.open(
                spare, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(ZEROS_BYTES);
            for (long left = SegmentLayout.fileBytes(slotCount); left > 0; left -= ZEROS_BYTES) {
                zeros.clear().limit((int) Math.min(left, ZEROS_BYTES));
                DurableFile.writeAll(channel, zeros);
            }
            channel.force(true);
            mapped = map(channel, slotCount);
        }
        Segment segment = new Segment(mapped, slotCount, nodeId, name, spare);
        segment.open(directory);
        return segment;
    }

    /** Reads a file that an earlier process left, open or sealed. */
    static Segment recover(Path file, String nodeId, SegmentName name) throws IOException, SegmentException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(SegmentLayout.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (head.hasRemaining() && channel.read(head) >= 0) {
                // A short file ends the loop and fails the check of its size.
            }
            int slotCount = SegmentCheck.header(head, channel.size(), nodeId, name);
            Segment segment = new Segment(map(channel, slotCount), slotCount, nodeId, name, file);
            SegmentCheck.slots(segment);
            segment.slotsUsed = SegmentCheck.slotsUsed(head, slotCount);
            if (segment.isSealed() && !segment.checksumHolds()) {
                throw new SegmentException("its checksum does not match its content");
            }
            return segment;
        }
    }

    private static MappedByteBuffer map(FileChannel channel, int slotCount) throws IOException {
        MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, SegmentLayout.fileBytes(slotCount));
        mapped.order(ByteOrder.LITTLE_ENDIAN);
        return mapped;
    }

    // What the event loop does: plain stores, no allocation.

    /** Writes the key of a call into a slot that has no requests yet. */
    void writeKey(int slot, UsageEntry entry) {
        int at = SegmentLayout.slotAt(slot);
        bytes.putLong(at + SegmentLayout.CONSUMER_AT, entry.consumerHigh());
        bytes.putLong(at + SegmentLayout.CONSUMER_AT + 8, entry.consumerLow());
        bytes.putLong(at + SegmentLayout.CREDENTIAL_AT, entry.credentialHigh());
        bytes.putLong(at + SegmentLayout.CREDENTIAL_AT + 8, entry.credentialLow());
        bytes.putLong(at + SegmentLayout.PLAN_AT, entry.planHigh());
        bytes.putLong(at + SegmentLayout.PLAN_AT + 8, entry.planLow());
        bytes.putLong(at + SegmentLayout.ROUTE_AT, entry.routeHigh());
        bytes.putLong(at + SegmentLayout.ROUTE_AT + 8, entry.routeLow());
        bytes.putLong(
                at + SegmentLayout.ENDING_AT,
                SegmentLayout.ending(entry.minute(), entry.outcomeClass().number()));
    }

    /** Whether the slot counts calls like this one. */
    boolean hasKey(int slot, UsageEntry entry) {
        int at = SegmentLayout.slotAt(slot);
        return bytes.getLong(at + SegmentLayout.CONSUMER_AT + 8) == entry.consumerLow()
                && bytes.getLong(at + SegmentLayout.ENDING_AT)
                        == SegmentLayout.ending(
                                entry.minute(), entry.outcomeClass().number())
                && bytes.getLong(at + SegmentLayout.CREDENTIAL_AT + 8) == entry.credentialLow()
                && bytes.getLong(at + SegmentLayout.ROUTE_AT + 8) == entry.routeLow()
                && bytes.getLong(at + SegmentLayout.PLAN_AT + 8) == entry.planLow()
                && bytes.getLong(at + SegmentLayout.CONSUMER_AT) == entry.consumerHigh()
                && bytes.getLong(at + SegmentLayout.CREDENTIAL_AT) == entry.credentialHigh()
                && bytes.getLong(at + SegmentLayout.ROUTE_AT) == entry.routeHigh()
                && bytes.getLong(at + SegmentLayout.PLAN_AT) == entry.planHigh();
    }

    /** Counts one call into a slot that has its key. */
    void count(int slot, long requestBytes, long responseBytes) {
        int at = SegmentLayout.slotAt(slot);
        long requests = bytes.getLong(at + SegmentLayout.REQUESTS_AT);
        int from = SegmentLayout.bankAt(at, requests);
        int to = SegmentLayout.bankAt(at, requests + 1);
        bytes.putLong(to, bytes.getLong(from) + requestBytes);
        bytes.putLong(to + 8, bytes.getLong(from + 8) + responseBytes);
        SegmentLayout.LONGS.setRelease(bytes, at + SegmentLayout.REQUESTS_AT, requests + 1);
    }

    /** Counts calls that were served without being metered. */
    void countUnmetered(long calls) {
        long before = bytes.getLong(SegmentLayout.UNMETERED_AT);
        SegmentLayout.LONGS.setRelease(bytes, SegmentLayout.UNMETERED_AT, before + calls);
    }

    // What the reporter thread does.

    /** Makes what is counted so far survive a power cut; an event loop may go on counting. */
    void force() {
        bytes.force();
    }

    /** Fixes the content for ever: forced with its checksum before anyone may be told of it. */
    void seal(long nowMillis) {
        bytes.putLong(SegmentLayout.SEALED_AT_MILLIS_AT, nowMillis);
        bytes.putLong(SegmentLayout.SLOTS_USED_AT, slotsUsed);
        bytes.put(SegmentLayout.CHECKSUM_AT, checksum());
        // The slots first: a file that says sealed after a power cut then has the content that it was sealed with.
        bytes.force();
        bytes.putLong(SegmentLayout.STATE_AT, SegmentLayout.STATE_SEALED);
        bytes.force(0, SegmentLayout.HEADER_BYTES);
    }

    /** Forgets a counted segment and opens it again under a new name. */
    void reopen(Path directory, SegmentName newName) throws IOException {
        Path spare = directory.resolve(newName.spareFileName());
        // Renamed before it is wiped: a wiped file under the old name would look like another batch of that name.
        DurableFile.rename(file, spare);
        file = spare;
        ByteBuffer wiped = bytes.duplicate();
        wiped.clear().limit(SegmentLayout.slotAt(slotsUsed));
        byte[] zeros = new byte[SegmentLayout.HEADER_BYTES];
        while (wiped.hasRemaining()) {
            wiped.put(zeros, 0, Math.min(zeros.length, wiped.remaining()));
        }
        slotsUsed = slotCount;
        name = newName;
        open(directory);
    }

    /** Renames the file; its content stays. */
    void rename(Path to) throws IOException {
        DurableFile.rename(file, to);
        file = to;
    }

    /** Tells how many slots the event loop used: no later one needs to be read or wiped. */
    void slotsUsed(int slots) {
        slotsUsed = slots;
    }

    /** No slot from here on holds anything. */
    int slotsUsed() {
        return slotsUsed;
    }

    private void open(Path directory) throws IOException {
        bytes.putLong(SegmentLayout.FORMAT_VERSION_AT, SegmentLayout.FORMAT_VERSION);
        bytes.putLong(SegmentLayout.SLOT_COUNT_AT, slotCount);
        bytes.putLong(SegmentLayout.BOOT_EPOCH_AT, name.bootEpoch());
        bytes.putLong(SegmentLayout.SEQUENCE_AT, name.sequence());
        byte[] id = nodeId.getBytes(StandardCharsets.US_ASCII);
        bytes.putLong(SegmentLayout.NODE_ID_LENGTH_AT, id.length);
        bytes.put(SegmentLayout.NODE_ID_AT, id);
        bytes.putLong(SegmentLayout.MAGIC_AT, SegmentLayout.MAGIC);
        bytes.force();
        Path open = directory.resolve(name.fileName());
        DurableFile.rename(file, open);
        file = open;
    }

    SegmentName name() {
        return name;
    }

    String nodeId() {
        return nodeId;
    }

    Path file() {
        return file;
    }

    int slotCount() {
        return slotCount;
    }

    boolean isSealed() {
        return bytes.getLong(SegmentLayout.STATE_AT) == SegmentLayout.STATE_SEALED;
    }

    long sealedAtMillis() {
        return bytes.getLong(SegmentLayout.SEALED_AT_MILLIS_AT);
    }

    long unmetered() {
        return bytes.getLong(SegmentLayout.UNMETERED_AT);
    }

    long requests(int slot) {
        return bytes.getLong(SegmentLayout.slotAt(slot) + SegmentLayout.REQUESTS_AT);
    }

    long requestBytes(int slot) {
        return bytes.getLong(SegmentLayout.bankAt(SegmentLayout.slotAt(slot), requests(slot)));
    }

    long responseBytes(int slot) {
        return bytes.getLong(SegmentLayout.bankAt(SegmentLayout.slotAt(slot), requests(slot)) + 8);
    }

    /** One half of an id in a slot; {@code at} is an offset of the layout. */
    long key(int slot, int at) {
        return bytes.getLong(SegmentLayout.slotAt(slot) + at);
    }

    long minute(int slot) {
        return key(slot, SegmentLayout.ENDING_AT) >> SegmentLayout.OUTCOME_CLASS_BITS;
    }

    int outcomeClassNumber(int slot) {
        return (int) (key(slot, SegmentLayout.ENDING_AT) & (1 << SegmentLayout.OUTCOME_CLASS_BITS) - 1);
    }

    /** Whether nothing at all was counted, so that there is nothing to report. */
    boolean isEmpty() {
        if (unmetered() != 0) {
            return false;
        }
        for (int slot = 0; slot < slotsUsed; slot++) {
            if (requests(slot) != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean checksumHolds() {
        byte[] kept = new byte[SegmentLayout.CHECKSUM_BYTES];
        bytes.get(SegmentLayout.CHECKSUM_AT, kept);
        return MessageDigest.isEqual(kept, checksum());
    }

    private byte[] checksum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(slice(0, SegmentLayout.STATE_AT));
            digest.update(slice(SegmentLayout.NODE_ID_LENGTH_AT, SegmentLayout.slotAt(slotsUsed)));
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private ByteBuffer slice(int from, int to) {
        return bytes.slice(from, to - from);
    }
}
