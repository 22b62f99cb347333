package io.tollgate.node.exchange;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.route.Route;

/** Turns the end of an exchange into one count of the meter. One per event loop, confined to it. */
public final class CallMeter {
    private static final long MILLIS_PER_MINUTE = 60_000;

    private final UsageSink sink;
    private final Clock clock;
    private final UsageEntry entry = new UsageEntry();

    public CallMeter(UsageSink sink, Clock clock) {
        this.sink = sink;
        this.clock = clock;
    }

    /** Whether a call that is admitted now can be counted when it ends. */
    public boolean hasRoom() {
        return sink.hasRoom();
    }

    /** Counts the exchange as ended in this class; only the first time says anything. */
    public void count(Exchange exchange, OutcomeClass outcomeClass) {
        if (!exchange.claimCount()) {
            return;
        }
        entry.reset();
        Credential credential = exchange.credential();
        if (credential != null) {
            Consumer consumer = credential.consumer();
            entry.credential(credential.idHigh(), credential.idLow()).consumer(consumer.idHigh(), consumer.idLow());
        }
        Plan plan = exchange.plan();
        if (plan != null) {
            entry.plan(plan.idHigh(), plan.idLow());
        }
        Route route = exchange.route();
        if (route != null) {
            entry.route(route.idHigh(), route.idLow());
        }
        entry.ended(outcomeClass, clock.epochMillis() / MILLIS_PER_MINUTE)
                .moved(exchange.requestBytes(), exchange.responseBytes());
        // What no route answered is no call that anybody could want to bill.
        if (!sink.count(entry) && (exchange.upstreamTarget() != null || exchange.answerHere() != null)) {
            sink.countUnmetered();
        }
    }
}
