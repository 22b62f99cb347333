package io.tollgate.node.exchange;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the token that tells the upstream who calls. Immutable; what it remembers is shared and says how. */
public interface Introducer {
    /**
     * OK: the exchange has it, or nobody is known who calls; {@code then} is told nothing. Null: it is made beside the loop, and {@code
     * then} is told OK on the loop of the exchange when it is there, or what else became of it. Anything else: there is none now. No
     * allocation to speak of where it is known.
     */
    @Nullable
    Outcome introduce(Exchange exchange, Consumer<Outcome> then);
}
