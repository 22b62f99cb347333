package io.tollgate.controlplane.catalog.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import java.util.List;

/** So many requests in so many seconds, of which {@code burst} may come at once. As stored with plans and policies. Immutable. */
public record RateWindowRow(
        int requests, @JsonProperty("window_seconds") int windowSeconds, int burst) {

    /** Objects to windows that contradict themselves or each other. */
    public static void judge(String pointer, List<RateWindowRow> windows, FieldFaults faults) {
        for (int i = 0; i < windows.size(); i++) {
            RateWindowRow window = windows.get(i);
            if (window.burst > window.requests) {
                faults.add(
                        pointer + "/" + i + "/burst",
                        window.burst + " (expected: 1 to requests, " + window.requests + ")");
            }
            for (int j = 0; j < i; j++) {
                if (windows.get(j).windowSeconds == window.windowSeconds) {
                    faults.add(
                            pointer + "/" + i + "/window_seconds",
                            window.windowSeconds + " (expected: each length once, it is also " + pointer + "/" + j
                                    + ")");
                    break;
                }
            }
        }
    }
}
