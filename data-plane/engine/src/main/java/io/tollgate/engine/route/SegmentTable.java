package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map from texts, asked by a stretch of a longer text, so that nothing is cut out of it. Immutable once it is handed out.
 *
 * <p>Implementation note. Open addressing with linear probing, at most half full. The keys are the operator's, so a client
 * cannot choose them to collide; what a client sends only ever probes.
 */
final class SegmentTable<V> {
    private final @Nullable String[] keys;
    private final @Nullable Object[] values;
    private final int size;

    private SegmentTable(@Nullable String[] keys, @Nullable Object[] values, int size) {
        this.keys = keys;
        this.values = values;
        this.size = size;
    }

    static <V> SegmentTable<V> empty() {
        return new SegmentTable<>(new @Nullable String[1], new @Nullable Object[1], 0);
    }

    static <V> SegmentTable<V> of(Map<String, V> from) {
        return SegmentTable.<V>empty().with(from);
    }

    /** A table in which these keys have these values; null takes a key away. Costs a copy of two arrays and the changes. */
    SegmentTable<V> with(Map<String, ? extends @Nullable V> changes) {
        int count = size;
        for (Map.Entry<String, ? extends @Nullable V> change : changes.entrySet()) {
            boolean known = find(change.getKey(), 0, change.getKey().length()) != null;
            count += (change.getValue() != null ? 1 : 0) - (known ? 1 : 0);
        }
        int slots = Integer.highestOneBit(Math.max(1, count) * 4 - 1);
        SegmentTable<V> made;
        // One that was larger stays so for a while: it is less than half full all the same.
        if (keys.length >= slots && keys.length <= slots * 4) {
            made = new SegmentTable<>(keys.clone(), values.clone(), count);
        } else {
            made = new SegmentTable<>(new @Nullable String[slots], new @Nullable Object[slots], count);
            for (int slot = 0; slot < keys.length; slot++) {
                String key = keys[slot];
                if (key != null && !changes.containsKey(key)) {
                    made.put(key, values[slot]);
                }
            }
        }
        changes.forEach((key, value) -> {
            if (value == null) {
                made.remove(key);
            }
        });
        changes.forEach((key, value) -> {
            if (value != null) {
                made.put(key, value);
            }
        });
        return made;
    }

    private void put(String key, @Nullable Object value) {
        int slot = slotOf(key);
        keys[slot] = key;
        values[slot] = value;
    }

    /** Takes the key out and moves up what was pushed past its slot, so that probing still finds it. */
    private void remove(String key) {
        int mask = keys.length - 1;
        int hole = slotOf(key);
        if (keys[hole] == null) {
            return;
        }
        for (int slot = (hole + 1) & mask; ; slot = (slot + 1) & mask) {
            String moved = keys[slot];
            if (moved == null) {
                break;
            }
            int home = slot(hash(moved, 0, moved.length()));
            if (((slot - home) & mask) >= ((slot - hole) & mask)) {
                keys[hole] = moved;
                values[hole] = values[slot];
                hole = slot;
            }
        }
        keys[hole] = null;
        values[hole] = null;
    }

    /** Where the key stands, or would. */
    private int slotOf(String key) {
        int mask = keys.length - 1;
        int slot = slot(hash(key, 0, key.length()));
        while (keys[slot] != null && !key.equals(keys[slot])) {
            slot = (slot + 1) & mask;
        }
        return slot;
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
