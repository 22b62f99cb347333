package io.tollgate.engine.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * The meters of one window of one limit, one per subject. Shared; lock-free for subjects that are known.
 *
 * <p>A meter that has been idle for its whole window is full again, so forgetting it then changes no decision. Addresses
 * are bounded by {@value #ADDRESSES_MAX}: beyond that the least used are forgotten early, which gives a flood of invented
 * addresses a fresh burst each instead of all the memory of the node; consumers are bounded by the catalog and never
 * forgotten early.
 *
 * <p>Implementation note. The clock of the caches is the newest time that a caller passed in, moved on in steps of
 * {@value #CLOCK_STEP_NANOS} ns so that its cache line stays shared between cores. A meter therefore lives at least as
 * long as its window.
 */
public final class SubjectMeters {
    /** Most client addresses that are counted at the same time. */
    static final long ADDRESSES_MAX = 100_000;

    private static final long CLOCK_STEP_NANOS = 100_000_000;
    /** Covers the step of the clock, and the rounding of intervals, which may lengthen a full debt by a second. */
    private static final long MARGIN_SECONDS = 2;

    private static final VarHandle CLOCK;

    static {
        try {
            CLOCK = MethodHandles.lookup().findVarHandle(SubjectMeters.class, "clockNanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Cache<String, RateMeter> consumers;
    private final Cache<String, RateMeter> addresses;

    @SuppressWarnings("unused") // Through CLOCK.
    private long clockNanos;

    SubjectMeters(CounterKey key) {
        Duration idle = Duration.ofSeconds(key.windowSeconds() + MARGIN_SECONDS);
        Ticker ticker = () -> (long) CLOCK.getOpaque(this);
        consumers = builder(ticker, idle).build();
        addresses = builder(ticker, idle).maximumSize(ADDRESSES_MAX).build();
    }

    /** The meter of this subject, a full one when it has none. */
    RateMeter meter(String subject, SubjectKind kind, long nowNanos) {
        advance(nowNanos);
        Cache<String, RateMeter> cache = kind == SubjectKind.CONSUMER ? consumers : addresses;
        RateMeter known = cache.getIfPresent(subject);
        return known != null ? known : cache.get(subject, unknown -> new RateMeter(nowNanos));
    }

    /** Meters held at this moment, about. */
    long size() {
        consumers.cleanUp();
        addresses.cleanUp();
        return consumers.estimatedSize() + addresses.estimatedSize();
    }

    private void advance(long nowNanos) {
        // Either way: a monotonic clock may start anywhere, also far behind the 0 that stands here at first.
        if (Math.abs(nowNanos - (long) CLOCK.getOpaque(this)) >= CLOCK_STEP_NANOS) {
            CLOCK.setOpaque(this, nowNanos);
        }
    }

    private static Caffeine<Object, Object> builder(Ticker ticker, Duration idle) {
        return Caffeine.newBuilder().ticker(ticker).executor(Runnable::run).expireAfterAccess(idle);
    }
}
