package io.tollgate.node.exchange;

/** What one request waits for before it can be decided on. Event-loop confined. */
public interface Unresolved {
    /**
     * Begins. {@code then} runs once, on the loop of the exchange, and in bounded time whatever happens: who could not find
     * out tells the exchange so, and a decision refuses the call.
     */
    void begin(Runnable then);

    /** Nobody waits any more; {@code then} need not run. */
    void abandon();
}
