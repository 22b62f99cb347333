package io.tollgate.node.setting;

import java.util.Collection;

/** Finds what somebody probably meant. Immutable functions. */
public final class NearestName {
    private NearestName() {}

    /** The one of the known names that takes the fewest edits to reach; {@code known} is not empty. */
    public static String of(String name, Collection<String> known) {
        String nearest = known.iterator().next();
        int fewest = Integer.MAX_VALUE;
        for (String one : known) {
            int edits = distance(name, one);
            if (edits < fewest) {
                fewest = edits;
                nearest = one;
            }
        }
        return nearest;
    }

    // Edits between two names (Wagner and Fischer), one row at a time.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
