package io.tollgate.node.listener;

import io.tollgate.engine.quota.FailureTable;
import io.tollgate.node.accesslog.AccessLog;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.RequestIds;
import io.tollgate.node.exchange.UsageSink;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.secure.TargetSecurity;
import io.tollgate.node.telemetry.LoopCounters;
import io.tollgate.node.trace.Traces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop works with. Immutable; its parts are shared or confined as they say.
 *
 * @param active the configuration to serve by
 * @param sink where this loop counts its calls
 * @param counters the counters of this loop
 * @param accessLog null when nothing is logged
 * @param everySecond what this loop does once a second for its meter
 * @param requestIds names the requests of this loop
 * @param security for connections to targets over TLS
 * @param traces null when nothing is traced
 * @param gates of the sockets of the node
 * @param failures bad credentials, of the whole node
 */
public record LoopParts(
        Clock clock,
        ActiveSnapshot active,
        UsageSink sink,
        LoopCounters counters,
        @Nullable AccessLog accessLog,
        Runnable everySecond,
        RequestIds requestIds,
        TargetSecurity security,
        @Nullable Traces traces,
        AcceptGates gates,
        FailureTable failures) {
    private static final AnswerWriter ANSWERS = new AnswerWriter();

    AnswerWriter answers() {
        return ANSWERS;
    }

    /** Fields that the gateway writes itself for the upstream, beside those that it always does. */
    List<String> ownFields() {
        List<String> fields = new ArrayList<>();
        if (requestIds.rules().toUpstream()) {
            fields.add(RequestIds.FIELD);
        }
        if (traces != null) {
            fields.addAll(Traces.FIELDS);
        }
        return fields;
    }
}
