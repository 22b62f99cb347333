package io.tollgate.controlplane.admin.answer;

import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.catalog.revision.FieldFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a writer prefers (RFC 7240): whether, and how long, its answer waits for the nodes. Immutable.
 *
 * @param waitSeconds 0: not at all
 */
record Preference(int waitSeconds) {
    private static final int WAIT_SECONDS_MAX = 60;

    /** Other preferences than {@code wait} are not ours, and are left alone as the RFC wants it. */
    static Preference parse(@Nullable String prefer) {
        if (prefer != null) {
            for (String preference : prefer.split(",", -1)) {
                int equals = preference.indexOf('=');
                if (equals > 0 && preference.substring(0, equals).strip().equalsIgnoreCase("wait")) {
                    return new Preference(seconds(preference.substring(equals + 1)));
                }
            }
        }
        return new Preference(0);
    }

    private static int seconds(String value) {
        String text = value.split(";", -1)[0].strip().replace("\"", "");
        if (text.matches("\\d{1,2}")) {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= WAIT_SECONDS_MAX) {
                return seconds;
            }
        }
        throw ProblemException.ofFields(
                ProblemType.BAD_REQUEST,
                List.of(new FieldFault(
                        "Prefer", "wait=" + text + " (expected: wait=1 to wait=" + WAIT_SECONDS_MAX + ")")));
    }
}
