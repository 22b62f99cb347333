package io.tollgate.node.exchange;

/** A place at which the gateway answers by itself, before any route. Immutable. */
@FunctionalInterface
public interface OwnEndpoint {
    /** Answers; {@code ending} hears how it ended, once. On the loop of the exchange, which knows its configuration. */
    void answer(Exchange exchange, Ending ending);
}
