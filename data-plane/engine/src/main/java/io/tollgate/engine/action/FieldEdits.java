package io.tollgate.engine.action;

import io.tollgate.engine.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A list of changes, done in order, compiled so that one pass over the fields is enough. Immutable.
 *
 * <p>Implementation note. What becomes of a field that is there (stays, gets another name, goes away) follows from its name
 * alone, and so does what later changes make of a field that an earlier one adds. So all of it is worked out here, once:
 *
 * <pre>
 *   name ──▶ slot ──▶ final name, or none       seen: one bit per slot that the pass met, then one per addition made
 *   addition ──▶ final name, value, and the bits of which none may be seen (add only)
 * </pre>
 *
 * A request costs a look at each field's name, and the additions. At most {@link #EDITS_MAX} changes name at most twice as
 * many names, so slots and additions fit one long each.
 */
public final class FieldEdits {
    /** Most changes of one list. */
    public static final int EDITS_MAX = 32;

    /** No change of header fields. */
    public static final FieldEdits NO_HEADERS = ofHeaders(List.of());

    private final List<FieldEdit> edits;
    private final boolean foldsCase;
    private final String[] names;
    private final @Nullable String[] finalNames;
    private final Addition[] additions;

    private FieldEdits(List<FieldEdit> edits, boolean foldsCase) {
        if (edits.size() > EDITS_MAX) {
            throw new IllegalArgumentException(edits.size() + " edits (expected: at most " + EDITS_MAX + ")");
        }
        this.edits = List.copyOf(edits);
        this.foldsCase = foldsCase;
        BiPredicate<String, String> same = foldsCase ? String::equalsIgnoreCase : String::equals;
        List<String> touched = new ArrayList<>();
        for (FieldEdit edit : edits) {
            addOnce(touched, edit.name(), same);
            if (edit instanceof FieldEdit.Rename rename) {
                addOnce(touched, rename.newName(), same);
            }
        }
        this.names = touched.toArray(new String[0]);
        this.finalNames = new String[names.length];
        for (int slot = 0; slot < names.length; slot++) {
            String end = fate(names[slot], 0, edits.size(), same);
            // A name that nothing changed is written as the field itself writes it.
            finalNames[slot] = end != null && same.test(end, names[slot]) ? names[slot] : end;
        }
        this.additions = additions(same);
    }

    /** Header fields: names in any case. */
    public static FieldEdits ofHeaders(List<FieldEdit> edits) {
        return new FieldEdits(edits, true);
    }

    /** Query parameters: names as they are. */
    public static FieldEdits ofParameters(List<FieldEdit> edits) {
        return new FieldEdits(edits, false);
    }

    /**
     * One field that may be added after the others. Immutable.
     *
     * @param name that it has in the end
     * @param value empty values add nothing
     * @param unlessSlots bits of slots: seen, they mean that there was such a field already
     * @param unlessAdditions the same for additions made before
     */
    public record Addition(String name, Template value, long unlessSlots, long unlessAdditions) {
        /** Whether the addition is still to be made. */
        public boolean isDue(long seenSlots, long made) {
            return (seenSlots & unlessSlots) == 0 && (made & unlessAdditions) == 0;
        }
    }

    public boolean isEmpty() {
        return edits.isEmpty();
    }

    /** As configured. */
    public List<FieldEdit> list() {
        return edits;
    }

    /** Where a name is known; negative when nothing is done to fields of this name. No allocation. */
    public int slot(CharSequence name) {
        for (int slot = 0; slot < names.length; slot++) {
            String known = names[slot];
            if (known.length() == name.length()
                    && (foldsCase ? isSameFolded(known, name) : known.contentEquals(name))) {
                return slot;
            }
        }
        return -1;
    }

    /** The name that a slot's fields have in the end; null when they go away. */
    public @Nullable String finalName(int slot) {
        return finalNames[slot];
    }

    /** Whether a slot's fields keep their name. */
    @SuppressWarnings("ReferenceEquality") // The same instance is how an unchanged name is marked.
    public boolean keepsName(int slot) {
        return finalNames[slot] == names[slot];
    }

    /** How many fields may be added. */
    public int additionCount() {
        return additions.length;
    }

    /** What may be added at this position, in order. */
    public Addition addition(int index) {
        return additions[index];
    }

    /** Whether a value asks for a parameter of the path. */
    public boolean usesParameters() {
        for (FieldEdit edit : edits) {
            Template value = value(edit);
            if (value != null && value.usesParameters()) {
                return true;
            }
        }
        return false;
    }

    private Addition[] additions(BiPredicate<String, String> same) {
        List<Addition> made = new ArrayList<>();
        List<Integer> madeAt = new ArrayList<>();
        for (int at = 0; at < edits.size(); at++) {
            FieldEdit edit = edits.get(at);
            Template value = value(edit);
            if (value == null) {
                continue;
            }
            long slots = 0;
            long before = 0;
            if (edit instanceof FieldEdit.Add) {
                slots = slotsNamed(edit.name(), at, same);
                before = additionsNamed(edit.name(), at, madeAt, same);
            }
            String end = fate(edit.name(), at + 1, edits.size(), same);
            // Also one that goes away again counts for a later add; it has no name in the end.
            made.add(new Addition(end == null ? "" : end, value, slots, before));
            madeAt.add(at);
        }
        return made.toArray(new Addition[0]);
    }

    private long slotsNamed(String name, int at, BiPredicate<String, String> same) {
        long slots = 0;
        for (int slot = 0; slot < names.length; slot++) {
            String now = fate(names[slot], 0, at, same);
            if (now != null && same.test(now, name)) {
                slots |= 1L << slot;
            }
        }
        return slots;
    }

    private long additionsNamed(String name, int at, List<Integer> madeAt, BiPredicate<String, String> same) {
        long before = 0;
        for (int index = 0; index < madeAt.size(); index++) {
            int added = madeAt.get(index);
            String now = fate(edits.get(added).name(), added + 1, at, same);
            if (now != null && same.test(now, name)) {
                before |= 1L << index;
            }
        }
        return before;
    }

    /** What a field of this name is called after the edits from one position to another; null when it is gone. */
    private @Nullable String fate(String name, int from, int to, BiPredicate<String, String> same) {
        String now = name;
        for (int i = from; i < to; i++) {
            FieldEdit edit = edits.get(i);
            if (!same.test(edit.name(), now)) {
                continue;
            }
            if (edit instanceof FieldEdit.Set || edit instanceof FieldEdit.Remove) {
                return null;
            }
            if (edit instanceof FieldEdit.Rename rename) {
                now = rename.newName();
            }
        }
        return now;
    }

    private static @Nullable Template value(FieldEdit edit) {
        if (edit instanceof FieldEdit.Add add) {
            return add.value();
        }
        if (edit instanceof FieldEdit.Set set) {
            return set.value();
        }
        return edit instanceof FieldEdit.Append append ? append.value() : null;
    }

    private static void addOnce(List<String> touched, String name, BiPredicate<String, String> same) {
        for (String known : touched) {
            if (same.test(known, name)) {
                return;
            }
        }
        touched.add(name);
    }

    private static boolean isSameFolded(String known, CharSequence name) {
        for (int i = 0; i < known.length(); i++) {
            char a = known.charAt(i);
            char b = name.charAt(i);
            if (a != b && lower(a) != lower(b)) {
                return false;
            }
        }
        return true;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldEdits same && edits.equals(same.edits) && foldsCase == same.foldsCase;
    }

    @Override
    public int hashCode() {
        return edits.hashCode();
    }

    @Override
    public String toString() {
        return edits.toString();
    }
}
