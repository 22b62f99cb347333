package io.tollgate.node.listener;

import io.tollgate.node.exchange.Clock;
import io.tollgate.node.telemetry.LoopCounters;
import io.vertx.core.Vertx;

/** Measures how late its event loop is, by work that is due at a known time. Event-loop confined. */
final class LagProbe {
    /** How often: seldom enough to cost nothing, often enough that a stall of a tenth of a second is seen. */
    private static final long EVERY_MILLIS = 50;

    private static final long EVERY_NANOS = EVERY_MILLIS * 1_000_000;

    private final Vertx vertx;
    private final Clock clock;
    private final LoopCounters counters;

    LagProbe(Vertx vertx, Clock clock, LoopCounters counters) {
        this.vertx = vertx;
        this.clock = clock;
        this.counters = counters;
    }

    /** Measures until the loop's verticle ends, which cancels its timers. */
    void start() {
        long dueNanos = clock.nanos() + EVERY_NANOS;
        vertx.setTimer(EVERY_MILLIS, due -> {
            long nowNanos = clock.nanos();
            counters.lag(Math.max(0, nowNanos - dueNanos), nowNanos);
            start();
        });
    }
}
