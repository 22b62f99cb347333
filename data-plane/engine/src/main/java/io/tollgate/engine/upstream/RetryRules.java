package io.tollgate.engine.upstream;

import java.util.Set;

/**
 * What is tried again, and how often. Immutable.
 *
 * @param retries attempts beside the first
 * @param conditions which failures are tried again
 * @param statuses which statuses are, where {@link Condition#STATUS} is among the conditions
 * @param attemptTimeoutMillis longest wait for the head of one attempt's answer; 0: the response time-out
 * @param backoffMillis the n-th repeat waits up to 2^(n-1) times this
 * @param backoffMillisMax and at most this
 * @param nonIdempotent also methods that a repeat could harm
 * @param bodyBytesMax largest request body that is kept for a repeat
 * @param budgetPercent share of the service's calls that retries may be
 * @param budgetRetriesPerSecondMin retries that are always allowed
 * @param marked the upstream is told the number of the attempt
 */
public record RetryRules(
        int retries,
        Set<Condition> conditions,
        Set<Integer> statuses,
        long attemptTimeoutMillis,
        int backoffMillis,
        int backoffMillisMax,
        boolean nonIdempotent,
        int bodyBytesMax,
        int budgetPercent,
        int budgetRetriesPerSecondMin,
        boolean marked) {
    /** A kind of failure. Immutable. */
    public enum Condition {
        CONNECT,
        RESET,
        TIMEOUT,
        STATUS
    }

    /** Copies the sets. */
    public RetryRules {
        conditions = Set.copyOf(conditions);
        statuses = Set.copyOf(statuses);
    }

    /** Whether an answer with this status is tried again. */
    public boolean repeats(int status) {
        return status >= 400 && conditions.contains(Condition.STATUS) && statuses.contains(status);
    }

    /**
     * How long to wait before a repeat: full jitter over an exponentially growing range.
     *
     * @param number of the repeat, from 1
     * @param random any number, each with the same chance
     */
    public long backoffMillis(int number, int random) {
        long range = Math.min((long) backoffMillis << Math.min(number - 1, 16), backoffMillisMax);
        return range == 0 ? 0 : Integer.toUnsignedLong(random) % (range + 1);
    }
}
