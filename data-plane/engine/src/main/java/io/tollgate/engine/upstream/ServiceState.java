package io.tollgate.engine.upstream;

/** What is known of one service beyond its configuration: circuit, retry budget, places for calls. Shared. */
public final class ServiceState {
    private final CircuitBreaker circuit = new CircuitBreaker();
    private final RetryBudget retryBudget = new RetryBudget();
    private final Places places = new Places();

    ServiceState() {}

    public CircuitBreaker circuit() {
        return circuit;
    }

    public RetryBudget retryBudget() {
        return retryBudget;
    }

    /** Calls that hold or await a place; nobody does while the service has no concurrency limit. */
    public Places places() {
        return places;
    }
}
