package io.tollgate.engine.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/** What is known of one service beyond its configuration: circuit, retry budget, calls in flight. Shared. */
public final class ServiceState {
    private final CircuitBreaker circuit = new CircuitBreaker();
    private final RetryBudget retryBudget = new RetryBudget();
    private final AtomicInteger inFlight = new AtomicInteger();

    ServiceState() {}

    public CircuitBreaker circuit() {
        return circuit;
    }

    public RetryBudget retryBudget() {
        return retryBudget;
    }

    /** Takes one of the places of the service; false when all are taken. */
    public boolean tryEnter(int callsMax) {
        while (true) {
            int before = inFlight.get();
            if (before >= callsMax) {
                return false;
            }
            if (inFlight.compareAndSet(before, before + 1)) {
                return true;
            }
        }
    }

    /** Gives a place back. */
    public void leave() {
        inFlight.decrementAndGet();
    }

    /** Calls that hold a place. */
    public int inFlight() {
        return inFlight.get();
    }
}
