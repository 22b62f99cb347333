package io.tollgate.node.credential;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.Outcome;
import java.util.EnumMap;
import java.util.Map;

/** That what was presented proves nobody, which needs no further question. Immutable; one for each outcome. */
record Refusal(Outcome outcome) implements Finding {
    private static final Map<Outcome, Refusal> ALL = new EnumMap<>(Outcome.class);

    static {
        for (Outcome outcome : Outcome.values()) {
            ALL.put(outcome, new Refusal(outcome));
        }
    }

    static Refusal of(Outcome outcome) {
        Refusal found = ALL.get(outcome);
        if (found == null) {
            throw new IllegalStateException("all outcomes are there");
        }
        return found;
    }

    @Override
    public Outcome judge(Exchange exchange) {
        return outcome;
    }
}
