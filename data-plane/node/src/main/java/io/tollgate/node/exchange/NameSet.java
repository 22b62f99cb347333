package io.tollgate.node.exchange;

import java.util.Collection;

/**
 * A set of ASCII header names that is asked in any case without allocating.
 *
 * <p>Open addressing with linear probing over a table at most half full, so a probe ends at an empty slot. The hash
 * folds ASCII case with one bit; equality is checked by characters. Immutable.
 */
public final class NameSet {
    public static final NameSet EMPTY = new NameSet(new String[2], 0);

    private final String[] slots;
    private final int size;

    private NameSet(String[] slots, int size) {
        this.slots = slots;
        this.size = size;
    }

    public static NameSet of(Collection<String> names) {
        String[] slots = new String[Integer.highestOneBit(Math.max(1, names.size())) * 4];
        int size = 0;
        for (String name : names) {
            if (name.isEmpty()) {
                continue;
            }
            int slot = hash(name) & (slots.length - 1);
            while (slots[slot] != null && !equalsFolded(slots[slot], name)) {
                slot = (slot + 1) & (slots.length - 1);
            }
            if (slots[slot] == null) {
                slots[slot] = name;
                size++;
            }
        }
        return new NameSet(slots, size);
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean contains(CharSequence name) {
        int slot = hash(name) & (slots.length - 1);
        while (slots[slot] != null) {
            if (equalsFolded(slots[slot], name)) {
                return true;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return false;
    }

    // Length, first, middle and last character tell real header names apart well enough, and cost the same for all.
    private static int hash(CharSequence name) {
        int length = name.length();
        if (length == 0) {
            return 0;
        }
        int mixed = length * 31 + (name.charAt(0) | 0x20);
        mixed = mixed * 31 + (name.charAt(length >> 1) | 0x20);
        mixed = mixed * 31 + (name.charAt(length - 1) | 0x20);
        return mixed ^ (mixed >>> 7);
    }

    /** Whether two names are the same in any case. */
    public static boolean equalsFolded(CharSequence one, CharSequence other) {
        int length = one.length();
        if (length != other.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b && lower(a) != lower(b)) {
                return false;
            }
        }
        return true;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }
}
