package io.tollgate.controlplane;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the known name that a mistyped one was probably meant to be: the smallest edit distance (Levenshtein 1966), at
 * most a third of the name's length. Immutable.
 */
public final class NearestName {
    private NearestName() {}

    /** The nearest of {@code known}, or empty when none is near. */
    public static Optional<String> of(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String nearest = null;
        int nearestEdits = Math.max(2, name.length() / 3) + 1;
        for (String candidate : known) {
            int edits = edits(wanted, candidate.toLowerCase(Locale.ROOT));
            if (edits < nearestEdits) {
                nearest = candidate;
                nearestEdits = edits;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            int[] swapped = previous;
            previous = current;
            current = swapped;
        }
        return previous[b.length()];
    }
}
