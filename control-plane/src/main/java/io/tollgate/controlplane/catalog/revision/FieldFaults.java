package io.tollgate.controlplane.catalog.revision;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers the invalid fields of one object, so that the caller learns of all at once. One thread. */
public final class FieldFaults {
    private final List<FieldFault> faults = new ArrayList<>();

    public void add(String pointer, String detail) {
        faults.add(new FieldFault(pointer, detail));
    }

    public boolean isEmpty() {
        return faults.isEmpty();
    }

    /** Objects to every entry of {@code values} that stands in it before. */
    public void duplicates(String pointer, List<?> values) {
        Map<Object, Integer> seen = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            Integer first = seen.putIfAbsent(values.get(i), i);
            if (first != null) {
                add(
                        pointer + "/" + i,
                        values.get(i) + " (expected: each once, it is also " + pointer + "/" + first + ")");
            }
        }
    }

    /** Ends the write when anything was objected to. */
    public void raise() {
        if (!faults.isEmpty()) {
            throw new InvalidFields(faults);
        }
    }
}
