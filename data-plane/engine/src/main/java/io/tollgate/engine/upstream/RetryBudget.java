package io.tollgate.engine.upstream;

/**
 * How many retries and hedges one service gets on this node, so that they never multiply an outage. Shared; a lock guards it.
 *
 * <p>Implementation note. Ten buckets of a second each count calls and retries; a retry is granted while retries are fewer than
 * the budget's share of the calls of these ten seconds, or than the floor in the second at hand. The lock is taken once per
 * call of a service that retries and is held for a few additions; it makes the bound exact where counters that are read one
 * after the other would let every event loop overdraw it.
 */
public final class RetryBudget {
    /** Share of the calls for hedges of a service that has no retries of its own. */
    public static final int PERCENT_DEFAULT = 20;
    /** What such hedges always get in a second. */
    public static final int PER_SECOND_MIN_DEFAULT = 3;

    private static final int SECONDS = 10;

    private final long[] numbers = new long[SECONDS];
    private final int[] calls = new int[SECONDS];
    private final int[] retries = new int[SECONDS];

    /** A call begins. */
    public synchronized void onCall(long nowMillis) {
        calls[bucket(nowMillis)]++;
    }

    /**
     * Whether one more retry is within the budget, which it then takes.
     *
     * @param percent share of the calls that retries may be
     * @param perSecondMin retries of a second that are always allowed
     */
    public synchronized boolean tryWithdraw(int percent, int perSecondMin, long nowMillis) {
        int now = bucket(nowMillis);
        long oldest = numbers[now] - SECONDS + 1;
        long callsSeen = 0;
        long retriesSeen = 0;
        for (int i = 0; i < SECONDS; i++) {
            if (numbers[i] >= oldest) {
                callsSeen += calls[i];
                retriesSeen += retries[i];
            }
        }
        boolean granted = (retriesSeen + 1) * 100 <= callsSeen * percent || retries[now] < perSecondMin;
        if (granted) {
            retries[now]++;
        }
        return granted;
    }

    /** What was granted in this second was not needed. */
    public synchronized void giveBack(long nowMillis) {
        int now = bucket(nowMillis);
        retries[now] = Math.max(0, retries[now] - 1);
    }

    private int bucket(long nowMillis) {
        long number = nowMillis / 1000;
        int at = (int) (number % SECONDS);
        if (numbers[at] != number) {
            numbers[at] = number;
            calls[at] = 0;
            retries[at] = 0;
        }
        return at;
    }
}
