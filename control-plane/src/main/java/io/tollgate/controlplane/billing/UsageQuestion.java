package io.tollgate.controlplane.billing;

import io.tollgate.controlplane.catalog.revision.FieldFaults;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which sums are wanted. Immutable.
 *
 * @param from first moment that counts
 * @param to first moment that counts no more
 * @param groupBy what gets a row of its own
 * @param only per dimension the one id (as text) or word that counts
 */
public record UsageQuestion(
        Instant from, Instant to, Interval interval, Set<Dimension> groupBy, Map<Dimension, String> only) {
    private static final long SECONDS_PER_MINUTE = 60;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:00Z");

    public UsageQuestion {
        FieldFaults faults = new FieldFaults();
        wholeMinute("from", from, faults);
        wholeMinute("to", to, faults);
        if (!from.isBefore(to)) {
            faults.add("to", to + " (expected: later than from, " + from + ")");
        }
        faults.raise();
        groupBy = groupBy.isEmpty() ? EnumSet.noneOf(Dimension.class) : EnumSet.copyOf(groupBy);
        only = only.isEmpty() ? Map.of() : new EnumMap<>(only);
    }

    private static void wholeMinute(String name, Instant time, FieldFaults faults) {
        if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) {
            faults.add(name, time + " (expected: 1970 to 9999)");
        } else if (time.getEpochSecond() % SECONDS_PER_MINUTE != 0 || time.getNano() != 0) {
            faults.add(name, time + " (expected: a whole minute)");
        }
    }
}
