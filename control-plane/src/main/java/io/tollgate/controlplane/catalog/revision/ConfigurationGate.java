package io.tollgate.controlplane.catalog.revision;

import java.util.List;

/**
 * Judges a configuration with the nodes' own compiler before it is committed. Called by {@link RevisionLog} only, which holds a lock of
 * this process around {@link #check} and {@link #settle} together, so that they come strictly in pairs.
 */
public interface ConfigurationGate {
    /**
     * Dry-compiles what revision {@code newRevision} would be. Called inside the transaction that holds the lock of the revision
     * counter, after the rows were flushed: reading through the same EntityManager sees them. {@code heldRevision} is the
     * newest committed revision, whichever control plane wrote it.
     *
     * @throws ConfigurationRefused what the compiler objects to; the transaction is then rolled back
     */
    void check(long heldRevision, long newRevision, List<CatalogChange> changes);

    /** Tells what became of the transaction of the {@link #check} just before; called after its end, also when {@code check} threw. */
    void settle(long newRevision, Settlement settlement);

    /** How a checked transaction ended. */
    enum Settlement {
        COMMITTED,
        ROLLED_BACK,
        /** The database went away during the commit; only reading it again can tell. */
        UNKNOWN
    }
}
