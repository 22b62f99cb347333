package io.tollgate.node.exchange;

/** What a resolver found out about what a caller presents. Immutable, but for what it remembers; shared. */
public interface Finding {
    /** OK, and then the exchange knows whom it proves; otherwise why it proves nobody. No allocation in the long run. */
    Outcome judge(Exchange exchange);
}
