package io.tollgate.node.ops;

import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.telemetry.NodeMetrics;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the operations port tells of. Immutable; what it refers to is shared.
 *
 * @param active the configuration that the node serves
 * @param clock for what depends on the time
 * @param metrics what /metrics tells
 * @param snapshotText what /snapshot tells
 * @param keysOf the keys that a token issuer has now; null while none were fetched
 */
public record OperationsParts(
        ActiveSnapshot active,
        Clock clock,
        NodeMetrics metrics,
        SnapshotText snapshotText,
        Function<TokenIssuer, @Nullable KeySet> keysOf) {}
