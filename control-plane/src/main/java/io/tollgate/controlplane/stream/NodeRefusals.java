package io.tollgate.controlplane.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;

/** Counts the calls of nodes that were refused or cut off, by why. Shared; lock-free. */
@ApplicationScoped
public class NodeRefusals {
    /** Why a call of a node was refused. */
    enum Reason {
        NO_CERTIFICATE("no-certificate"),
        REVOKED("revoked"),
        EXPIRED("expired"),
        OTHER_NODE("other-node"),
        JOIN("join");

        private final String word;

        Reason(String word) {
            this.word = word;
        }
    }

    private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

    NodeRefusals(MeterRegistry figures) {
        for (Reason reason : Reason.values()) {
            counters.put(
                    reason,
                    Counter.builder("tollgate.control.stream.refused")
                            .description("Calls of nodes that were refused or cut off, by why")
                            .tag("reason", reason.word)
                            .register(figures));
        }
    }

    void count(Reason reason) {
        Counter counter = counters.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }
}
