package io.tollgate.engine.compile;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A map that makes a changed copy of itself cheaply. Immutable.
 *
 * <p>Implementation note. The entries are spread over small hash maps by the hash of their key; a copy shares all but
 * those that change. With n entries a change costs O(n / {@value #SHARD_ENTRIES}) of array copying and the copy of one
 * small map.
 */
final class PersistentMap<K, V> {
    private static final int SHARD_ENTRIES = 64;

    private final Map<K, V>[] shards;
    private final int size;

    private PersistentMap(Map<K, V>[] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    static <K, V> PersistentMap<K, V> empty() {
        return new PersistentMap<>(layOut(1, Map.of()), 0);
    }

    @Nullable
    V get(K key) {
        return shards[shard(key, shards.length)].get(key);
    }

    /** The first value, in no order, that this takes; null when none does. Costs a look at each. */
    @Nullable
    V first(Predicate<V> wanted) {
        for (Map<K, V> shard : shards) {
            for (V value : shard.values()) {
                if (wanted.test(value)) {
                    return value;
                }
            }
        }
        return null;
    }

    int size() {
        return size;
    }

    /** This map with the changes; a null value removes its key. */
    PersistentMap<K, V> with(Map<K, ? extends @Nullable V> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        int wanted = Integer.highestOneBit(((size + changes.size()) / SHARD_ENTRIES + 1) * 2 - 1);
        Map<K, V>[] next = shards.clone();
        if (wanted > shards.length) {
            next = layOut(wanted, Map.of());
            for (Map<K, V> shard : shards) {
                spread(shard, next);
            }
        }
        Map<K, V>[] before = next.clone();
        for (Map.Entry<K, ? extends @Nullable V> change : changes.entrySet()) {
            int index = shard(change.getKey(), next.length);
            if (isShared(next[index], before[index])) {
                next[index] = new HashMap<>(next[index]);
            }
            V value = change.getValue();
            if (value == null) {
                next[index].remove(change.getKey());
            } else {
                next[index].put(change.getKey(), value);
            }
        }
        int nextSize = wanted > shards.length ? 0 : size;
        for (int i = 0; i < next.length; i++) {
            nextSize += wanted > shards.length ? next[i].size() : next[i].size() - shards[i].size();
        }
        return new PersistentMap<>(next, nextSize);
    }

    @SuppressWarnings("ReferenceEquality") // Whether it is the same map, not an equal one.
    private static boolean isShared(Map<?, ?> one, Map<?, ?> other) {
        return one == other;
    }

    private static <K, V> void spread(Map<K, V> from, Map<K, V>[] over) {
        from.forEach((key, value) -> {
            int index = shard(key, over.length);
            if (over[index].isEmpty()) {
                over[index] = new HashMap<>();
            }
            over[index].put(key, value);
        });
    }

    private static int shard(Object key, int count) {
        int hash = key.hashCode() * 0x9E3779B9;
        return (hash >>> 8) & (count - 1);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, V> Map<K, V>[] layOut(int count, Map<K, V> empty) {
        Map[] shards = new Map[count];
        java.util.Arrays.fill(shards, empty);
        return shards;
    }
}
