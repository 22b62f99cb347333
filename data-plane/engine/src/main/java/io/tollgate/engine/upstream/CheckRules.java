package io.tollgate.engine.upstream;

import java.util.List;

/**
 * How a node asks targets for their health. Immutable.
 *
 * @param path HTTP: origin-form target of the GET
 * @param host HTTP: Host field; empty: the target's own
 * @param grpcService GRPC: whose health is asked for; may be empty
 * @param expected HTTP: statuses that are good, inclusive pairs; empty: 200 to 299
 */
public record CheckRules(
        CheckType type,
        String path,
        String host,
        String grpcService,
        long intervalMillis,
        long timeoutMillis,
        int healthyThreshold,
        int unhealthyThreshold,
        List<StatusRange> expected) {
    /** Statuses from one to another, both included. Immutable. */
    public record StatusRange(int first, int last) {}

    /** Copies the list. */
    public CheckRules {
        expected = List.copyOf(expected);
    }

    /** Whether an answer with this status is good. */
    public boolean isGood(int status) {
        if (expected.isEmpty()) {
            return status >= 200 && status <= 299;
        }
        for (StatusRange range : expected) {
            if (status >= range.first() && status <= range.last()) {
                return true;
            }
        }
        return false;
    }
}
