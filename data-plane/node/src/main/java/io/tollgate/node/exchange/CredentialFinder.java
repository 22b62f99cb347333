package io.tollgate.node.exchange;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Credential;
import org.jspecify.annotations.Nullable;

/** Finds what a caller has proved itself with, also in a later configuration. Immutable. */
public interface CredentialFinder {
    /**
     * The credential as this configuration knows it; null when it does not know it any more.
     *
     * @param presented what the caller presented, as this finder gave it to the exchange
     */
    @Nullable
    Credential find(String presented, CompiledConfiguration configuration, LoopScratch scratch);
}
