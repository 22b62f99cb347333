package io.tollgate.engine.consumer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Who must not get through, whatever the configuration at hand says: what was taken back in revisions that are still on their way.
 * Empty nearly always. Immutable.
 */
public final class Revoked {
    /** Nobody. */
    public static final Revoked NOBODY = new Revoked(List.of());

    // High and low half of each id in turn, in the order of the ids.
    private final long[] ids;

    private Revoked(Collection<UUID> sorted) {
        ids = new long[sorted.size() * 2];
        int at = 0;
        for (UUID id : sorted) {
            ids[at++] = id.getMostSignificantBits();
            ids[at++] = id.getLeastSignificantBits();
        }
    }

    /** These credentials and consumers. */
    public static Revoked of(Collection<UUID> ids) {
        return ids.isEmpty()
                ? NOBODY
                : new Revoked(new ArrayList<>(ids).stream().distinct().sorted().toList());
    }

    public boolean isEmpty() {
        return ids.length == 0;
    }

    /** Whether this credential was taken back. No allocation; O(log n). */
    public boolean holds(Credential credential) {
        return holds(credential.idHigh(), credential.idLow());
    }

    /** Whether this consumer may not call any more. No allocation; O(log n). */
    public boolean holds(Consumer consumer) {
        return holds(consumer.idHigh(), consumer.idLow());
    }

    private boolean holds(long high, long low) {
        int from = 0;
        int to = ids.length / 2 - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = Long.compare(ids[middle * 2], high);
            if (order == 0) {
                order = Long.compare(ids[middle * 2 + 1], low);
            }
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return false;
    }
}
