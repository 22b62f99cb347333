package io.tollgate.node.exchange;

/** Told once per exchange that it is over, and has it go on after a wait. Event-loop confined. */
public interface Ending {
    /**
     * The exchange ended with {@code outcome}. When nothing of an answer was sent yet ({@link Exchange#answerStarted()}),
     * the receiver answers.
     */
    void ended(Exchange exchange, Outcome outcome);

    /** Runs what comes after a wait of the exchange; it ends as {@link Outcome#INTERNAL} when that throws. */
    void goOn(Exchange exchange, Runnable step);
}
