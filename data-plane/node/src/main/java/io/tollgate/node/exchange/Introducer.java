package io.tollgate.node.exchange;

import org.jspecify.annotations.Nullable;

/** Finds the token that tells the upstream who calls. Immutable; what it remembers is shared and says how. */
public interface Introducer {
    /**
     * OK: the exchange has it, or nobody is known who calls; then {@code then} does not run. Null: it is made beside the loop, and {@code
     * then} runs on the loop of the exchange when it is there. Anything else: there is none now. No allocation to speak of where it
     * is known.
     */
    @Nullable
    Outcome introduce(Exchange exchange, Runnable then);
}
