package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map from short texts, asked by a stretch of a longer text, so that nothing is cut out of it. Immutable.
 *
 * <p>Implementation note. Open addressing with linear probing, at most half full. The keys are the operator's, so a client
 * cannot choose them to collide; what a client sends only ever probes.
 */
final class SegmentTable<V> {
    private final @Nullable String[] keys;
    private final @Nullable Object[] values;
    private final int size;

    private SegmentTable(Map<String, V> from) {
        int slots = Integer.highestOneBit(Math.max(1, from.size()) * 4 - 1);
        keys = new @Nullable String[slots];
        values = new @Nullable Object[slots];
        size = from.size();
        from.forEach((key, value) -> {
            int slot = slot(hash(key, 0, key.length()));
            while (keys[slot] != null) {
                slot = (slot + 1) & (slots - 1);
            }
            keys[slot] = key;
            values[slot] = value;
        });
    }

    static <V> SegmentTable<V> of(Map<String, V> from) {
        return new SegmentTable<>(from);
    }

    int size() {
        return size;
    }

    /** The value under the characters of {@code text} from {@code start} to before {@code end}. */
    @SuppressWarnings("unchecked") // Only values of V are put in.
    @Nullable
    V find(String text, int start, int end) {
        if (size == 0) {
            return null;
        }
        int mask = keys.length - 1;
        int length = end - start;
        for (int slot = slot(hash(text, start, end)); ; slot = (slot + 1) & mask) {
            String key = keys[slot];
            if (key == null) {
                return null;
            }
            if (key.length() == length && text.startsWith(key, start)) {
                return (V) values[slot];
            }
        }
    }

    List<Map.Entry<String, V>> entries() {
        List<Map.Entry<String, V>> entries = new ArrayList<>();
        for (String key : keys) {
            V value = key == null ? null : find(key, 0, key.length());
            if (key != null && value != null) {
                entries.add(Map.entry(key, value));
            }
        }
        return entries;
    }

    // Names that count up (r1, r2, ...) have hashes in a few dense runs, over which probing would be long: every bit is
    // mixed into the low ones (the finaliser of MurmurHash3).
    private int slot(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >>> 13)) * 0xC2B2AE35;
        return (mixed ^ (mixed >>> 16)) & (keys.length - 1);
    }

    private static int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }
}
