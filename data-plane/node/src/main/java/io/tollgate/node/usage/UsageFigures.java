package io.tollgate.node.usage;

/**
 * How the meter stands, for the metrics page. Immutable.
 *
 * @param segmentsWaiting sealed segments without a receipt
 * @param journalBytes bytes of all segments on disk
 * @param oldestSealedAtMillis when the oldest waiting one was sealed; 0 when none waits
 * @param batchesCounted receipts that said counted, since the start
 * @param batchesRefused receipts that said refused, since the start
 * @param connected whether a stream to a control plane is open
 */
public record UsageFigures(
        int segmentsWaiting,
        long journalBytes,
        long oldestSealedAtMillis,
        long batchesCounted,
        long batchesRefused,
        boolean connected) {
    /** Nothing happened yet. */
    static final UsageFigures NONE = new UsageFigures(0, 0, 0, 0, 0, false);
}
