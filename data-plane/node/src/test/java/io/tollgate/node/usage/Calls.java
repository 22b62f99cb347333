package io.tollgate.node.usage;

import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.UsageEntry;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageRow;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** Random calls and a plain ledger of them, to judge the journal by difference. */
final class Calls {
    /** What a row says of its key. */
    record Key(String consumer, String credential, String plan, String route, int outcomeClass, long minute) {}

    /** What a row counts. */
    record Sum(long requests, long requestBytes, long responseBytes) {
        Sum plus(Sum other) {
            return new Sum(
                    requests + other.requests, requestBytes + other.requestBytes, responseBytes + other.responseBytes);
        }
    }

    private static final OutcomeClass[] CLASSES = OutcomeClass.values();
    private final SplittableRandom random;
    private final int callers;

    Calls(long seed, int callers) {
        this.random = new SplittableRandom(seed);
        this.callers = callers;
    }

    /** The next call of the sequence that the seed fixes. */
    UsageEntry next(UsageEntry entry) {
        int caller = random.nextInt(callers);
        // Few distinct halves, so that keys that differ in one place only do occur; caller 0 is anonymous.
        entry.consumer(caller == 0 ? 0 : 7, caller)
                .credential(caller == 0 ? 0 : 9, caller == 0 ? 0 : 1 + random.nextInt(2))
                .plan(caller == 0 ? 0 : 3, caller == 0 ? 0 : 1)
                .route(5, random.nextInt(3))
                .ended(CLASSES[random.nextInt(CLASSES.length)], 29_000_000 + random.nextInt(2))
                .moved(random.nextInt(1_000), random.nextInt(100_000));
        return entry;
    }

    static Key key(UsageEntry entry) {
        return new Key(
                id(entry.consumerHigh(), entry.consumerLow()),
                id(entry.credentialHigh(), entry.credentialLow()),
                id(entry.planHigh(), entry.planLow()),
                id(entry.routeHigh(), entry.routeLow()),
                entry.outcomeClass().number(),
                entry.minute());
    }

    static Sum sum(UsageEntry entry) {
        return new Sum(1, entry.requestBytes(), entry.responseBytes());
    }

    static void add(Map<Key, Sum> ledger, Key key, Sum sum) {
        ledger.merge(key, sum, Sum::plus);
    }

    static Map<Key, Sum> ledger(Iterable<UsageBatch> batches) {
        Map<Key, Sum> ledger = new HashMap<>();
        for (UsageBatch batch : batches) {
            for (UsageRow row : batch.getRowsList()) {
                Key key = new Key(
                        row.getConsumerId(),
                        row.getCredentialId(),
                        row.getPlanId(),
                        row.getRouteId(),
                        row.getOutcomeClassValue(),
                        row.getMinute());
                add(ledger, key, new Sum(row.getRequests(), row.getRequestBytes(), row.getResponseBytes()));
            }
        }
        return ledger;
    }

    private static String id(long high, long low) {
        return high == 0 && low == 0 ? "" : new UUID(high, low).toString();
    }
}
