package io.tollgate.node.exchange;

/** Told once per exchange that it is over. Event-loop confined. */
public interface Ending {
    /**
     * The exchange ended with {@code outcome}. When nothing of an answer was sent yet ({@link Exchange#answerStarted()}),
     * the receiver answers.
     */
    void ended(Exchange exchange, Outcome outcome);
}
