package io.tollgate.engine.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Where counts are found again across revisions. Shared; lock-free for readers.
 *
 * <p>Meters are held weakly: as long as some compiled configuration refers to them they are the same ones, and what no
 * configuration refers to any more is forgotten.
 */
public final class CounterTable {
    private final Cache<CounterKey, SubjectMeters> meters =
            Caffeine.newBuilder().weakValues().build();

    /** The meters of this key: those that a live configuration already counts in, or new ones. */
    public SubjectMeters adopt(CounterKey key) {
        return meters.get(key, SubjectMeters::new);
    }
}
