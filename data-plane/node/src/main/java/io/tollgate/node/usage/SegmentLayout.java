package io.tollgate.node.usage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where each number of a segment file lies. All little-endian, all eight bytes aligned. Stateless.
 *
 * <pre>
 * header, one page                       slot, two cache lines
 *    0 magic                                0 consumer   16
 *    8 format version                      16 credential 16
 *   16 slots in the file                   32 plan       16
 *   24 boot epoch                          48 route      16
 *   32 sequence                            64 minute x 8 + outcome class
 *   40 unmetered calls                     72 requests r
 *   48 sealed at, milliseconds             80 request bytes, response bytes when r is even
 *   56 state: open or sealed               96 request bytes, response bytes when r is odd
 *   64 SHA-256 of header and slots        112 unused
 *   96 node id: length, then ASCII
 *  168 slots that were used, when sealed
 * </pre>
 *
 * <p>A count is one store: the new byte sums go to the bank that the present number of requests does not name, and the
 * new number of requests, stored last, makes them the valid ones. A process that dies between the two stores has
 * counted nothing of that call; one that dies after has counted all of it.
 */
final class SegmentLayout {
    static final long MAGIC = 0x3147_4553_4C4C_4F54L; // "TOLLSEG1"
    static final long FORMAT_VERSION = 1;

    static final int MAGIC_AT = 0;
    static final int FORMAT_VERSION_AT = 8;
    static final int SLOT_COUNT_AT = 16;
    static final int BOOT_EPOCH_AT = 24;
    static final int SEQUENCE_AT = 32;
    static final int UNMETERED_AT = 40;
    static final int SEALED_AT_MILLIS_AT = 48;
    static final int STATE_AT = 56;
    static final int CHECKSUM_AT = 64;
    static final int CHECKSUM_BYTES = 32;
    static final int NODE_ID_LENGTH_AT = 96;
    static final int NODE_ID_AT = 104;
    static final int NODE_ID_BYTES_MAX = 63;
    static final int SLOTS_USED_AT = 168;
    static final int HEADER_BYTES = 4096;

    static final long STATE_OPEN = 0;
    static final long STATE_SEALED = 1;

    static final int CONSUMER_AT = 0;
    static final int CREDENTIAL_AT = 16;
    static final int PLAN_AT = 32;
    static final int ROUTE_AT = 48;
    static final int ENDING_AT = 64;
    static final int REQUESTS_AT = 72;
    static final int BANKS_AT = 80;
    static final int BANK_BYTES = 16;
    static final int SLOT_BYTES = 128;
    /** Bits of the ending that hold the outcome class. */
    static final int OUTCOME_CLASS_BITS = 3;

    /** A segment is at most this long: a file that claims more is not ours. */
    static final int SLOTS_MAX = 1 << 14;

    static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private SegmentLayout() {}

    static long fileBytes(int slotCount) {
        return HEADER_BYTES + (long) slotCount * SLOT_BYTES;
    }

    static int slotAt(int slot) {
        return HEADER_BYTES + slot * SLOT_BYTES;
    }

    static int bankAt(int slotAt, long requests) {
        return slotAt + BANKS_AT + (int) (requests & 1) * BANK_BYTES;
    }

    static long ending(long minute, int outcomeClassNumber) {
        return minute << OUTCOME_CLASS_BITS | outcomeClassNumber;
    }
}
