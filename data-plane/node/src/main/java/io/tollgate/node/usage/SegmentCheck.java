package io.tollgate.node.usage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Whether a file that lies in the journal is a whole segment of this node. Stateless; used at start only. */
final class SegmentCheck {
    /** Endings name one of these classes; 0 and 7 are none. */
    private static final int OUTCOME_CLASSES_MAX = 6;

    private SegmentCheck() {}

    /** Checks everything but the slots and returns how many there are. */
    static int header(ByteBuffer head, long fileBytes, String nodeId, SegmentName name) throws SegmentException {
        if (head.hasRemaining()) {
            throw new SegmentException("it has " + fileBytes + " bytes (expected: at least a header)");
        }
        expect("magic", head.getLong(SegmentLayout.MAGIC_AT), SegmentLayout.MAGIC);
        expect("format version", head.getLong(SegmentLayout.FORMAT_VERSION_AT), SegmentLayout.FORMAT_VERSION);
        long slotCount = head.getLong(SegmentLayout.SLOT_COUNT_AT);
        if (slotCount < 1 || slotCount > SegmentLayout.SLOTS_MAX) {
            throw new SegmentException("slots " + slotCount + " (expected: 1 to " + SegmentLayout.SLOTS_MAX + ")");
        }
        expect("size", fileBytes, SegmentLayout.fileBytes((int) slotCount));
        expect("boot epoch", head.getLong(SegmentLayout.BOOT_EPOCH_AT), name.bootEpoch());
        expect("sequence", head.getLong(SegmentLayout.SEQUENCE_AT), name.sequence());
        long state = head.getLong(SegmentLayout.STATE_AT);
        if (state != SegmentLayout.STATE_OPEN && state != SegmentLayout.STATE_SEALED) {
            throw new SegmentException("state " + state + " (expected: open or sealed)");
        }
        if (head.getLong(SegmentLayout.UNMETERED_AT) < 0) {
            throw new SegmentException("a negative count of unmetered calls");
        }
        expectNodeId(head, nodeId);
        return (int) slotCount;
    }

    /** How many slots a sealed file says it used; an open one may have used all. */
    static int slotsUsed(ByteBuffer head, int slotCount) throws SegmentException {
        if (head.getLong(SegmentLayout.STATE_AT) == SegmentLayout.STATE_OPEN) {
            return slotCount;
        }
        long used = head.getLong(SegmentLayout.SLOTS_USED_AT);
        if (used < 0 || used > slotCount) {
            throw new SegmentException("used slots " + used + " (expected: 0 to " + slotCount + ")");
        }
        return (int) used;
    }

    /** Checks that each used slot could have been written by a count. */
    static void slots(Segment segment) throws SegmentException {
        for (int slot = 0; slot < segment.slotCount(); slot++) {
            long requests = segment.requests(slot);
            if (requests == 0) {
                continue;
            }
            int outcomeClass = segment.outcomeClassNumber(slot);
            if (requests < 0
                    || segment.requestBytes(slot) < 0
                    || segment.responseBytes(slot) < 0
                    || segment.minute(slot) <= 0
                    || outcomeClass < 1
                    || outcomeClass > OUTCOME_CLASSES_MAX) {
                throw new SegmentException("slot " + slot + " holds no count that could have been written");
            }
        }
    }

    private static void expectNodeId(ByteBuffer head, String nodeId) throws SegmentException {
        long length = head.getLong(SegmentLayout.NODE_ID_LENGTH_AT);
        if (length < 1 || length > SegmentLayout.NODE_ID_BYTES_MAX) {
            throw new SegmentException("a node id of " + length + " characters");
        }
        byte[] id = new byte[(int) length];
        head.get(SegmentLayout.NODE_ID_AT, id);
        String found = new String(id, StandardCharsets.US_ASCII);
        if (!found.equals(nodeId)) {
            throw new SegmentException("node id " + found + " (expected: " + nodeId + ")");
        }
    }

    private static void expect(String what, long found, long expected) throws SegmentException {
        if (found != expected) {
            throw new SegmentException(what + " " + found + " (expected: " + expected + ")");
        }
    }
}
