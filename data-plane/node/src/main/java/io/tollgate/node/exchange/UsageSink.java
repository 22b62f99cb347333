package io.tollgate.node.exchange;

/**
 * Where an event loop counts the calls that it answered. One per event loop, called on that loop only, never blocks.
 *
 * <p>Every call is counted exactly once, before the last byte of its answer is handed over, as the class of how it
 * ends.
 */
public interface UsageSink {
    /**
     * Whether a call that is admitted now will find a place when it ends. Asked before a call is forwarded, so an
     * implementation says no early enough that the calls in flight still fit.
     */
    boolean hasRoom();

    /** Counts one call; false when there was no room, and then nothing was counted. The entry is not kept. */
    boolean count(UsageEntry entry);

    /** Counts in the open one call that was served although it could not be metered. */
    void countUnmetered();
}
