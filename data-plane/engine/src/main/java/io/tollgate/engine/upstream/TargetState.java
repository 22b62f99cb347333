package io.tollgate.engine.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is known of one target beyond its configuration: its passive health and its calls in flight. Shared; lock-free.
 *
 * <p>Implementation note. Health is one word: the millisecond until which the target is ejected in the upper 48 bits,
 * connect failures in a row in the lower 16. {@value #CONNECT_FAILURES_MAX} failures in a row eject the target for
 * {@value #EJECTION_MILLIS} ms. The failures stay counted through the ejection, so the first call afterwards is a probe:
 * one more failure ejects again at once, one success clears the word. The compare-and-set loop ends because each retry
 * means that another thread made progress, and a target sees few failures at once.
 */
public final class TargetState {
    /** Connect failures in a row that eject a target: one may be bad luck, three are not. */
    public static final int CONNECT_FAILURES_MAX = 3;
    /** How long an ejected target is passed over, short enough to notice a restarted process soon. */
    public static final long EJECTION_MILLIS = 5_000;

    private static final int FAILURE_BITS = 16;
    private static final long FAILURE_MASK = (1L << FAILURE_BITS) - 1;

    private final String host;
    private final int port;
    private final AtomicLong health = new AtomicLong();
    private final AtomicInteger inFlight = new AtomicInteger();

    TargetState(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** Host name or IP address. */
    public String host() {
        return host;
    }

    /** Port, 1 to 65535. */
    public int port() {
        return port;
    }

    /** A connection could not be made. */
    public void onConnectFailure(long nowMillis) {
        while (true) {
            long before = health.get();
            long failures = Math.min((before & FAILURE_MASK) + 1, CONNECT_FAILURES_MAX);
            long until = failures < CONNECT_FAILURES_MAX ? before >>> FAILURE_BITS : nowMillis + EJECTION_MILLIS;
            if (health.compareAndSet(before, until << FAILURE_BITS | failures)) {
                return;
            }
        }
    }

    /** A connection was made or answered: forgets failures and ends an ejection. */
    public void onSuccess() {
        // Read first: the word is almost always clear, and a plain read keeps its cache line shared between cores.
        if (health.get() != 0) {
            health.set(0);
        }
    }

    /** Whether new calls pass this target over. */
    public boolean isEjected(long nowMillis) {
        long word = health.get();
        return word != 0 && nowMillis < word >>> FAILURE_BITS;
    }

    /** Connect failures in a row so far, counted up to {@value #CONNECT_FAILURES_MAX}. */
    public int connectFailures() {
        return (int) (health.get() & FAILURE_MASK);
    }

    /** A call was sent here. */
    public void onCallStart() {
        inFlight.incrementAndGet();
    }

    /** A call that was sent here ended, in whatever way. */
    public void onCallEnd() {
        inFlight.decrementAndGet();
    }

    /** Calls sent here that have not ended. */
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
