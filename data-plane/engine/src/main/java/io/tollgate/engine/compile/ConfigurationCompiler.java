package io.tollgate.engine.compile;

import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import org.jspecify.annotations.Nullable;

/** Skeleton, body follows in the next commit. Compile thread only. */
public final class ConfigurationCompiler {
    private final CounterTable counters;
    private final TargetTable targets;

    /** A compiler whose results adopt their state from these tables. */
    public ConfigurationCompiler(CounterTable counters, TargetTable targets) {
        this.counters = counters;
        this.targets = targets;
    }

    /** Compiles. */
    public CompileResult compile(WireConfiguration wire, long revision, @Nullable CompiledConfiguration previous) {
        throw new UnsupportedOperationException(counters + " " + targets + wire + revision + previous);
    }
}
