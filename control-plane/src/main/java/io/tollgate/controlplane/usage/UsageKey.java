package io.tollgate.controlplane.usage;

import java.util.Comparator;
import java.util.UUID;

/** What one row of the ledger counts. Ordered as the table's key, so that all writers take row locks in one order. Immutable. */
record UsageKey(long minute, UUID consumerId, UUID credentialId, UUID planId, UUID routeId, String outcomeClass)
        implements Comparable<UsageKey> {
    private static final Comparator<UsageKey> ORDER = Comparator.comparingLong(UsageKey::minute)
            .thenComparing(UsageKey::consumerId)
            .thenComparing(UsageKey::credentialId)
            .thenComparing(UsageKey::planId)
            .thenComparing(UsageKey::routeId)
            .thenComparing(UsageKey::outcomeClass);

    @Override
    public int compareTo(UsageKey other) {
        return ORDER.compare(this, other);
    }
}
