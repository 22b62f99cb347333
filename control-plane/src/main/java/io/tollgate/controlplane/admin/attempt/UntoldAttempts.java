package io.tollgate.controlplane.admin.attempt;

import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Refused attempts that get no row of their own: they are counted, and some times a minute's worth of them is one row. Never more than
 * {@link #ROWS_MAX} rows at once: the sources that tried most, and all others together. Shared; guarded by itself.
 */
final class UntoldAttempts {
    /** Rows of one telling, that of the others beside: who tried most is worth knowing, a hundredth one is not. */
    static final int ROWS_MAX = 20;

    /** Sources that are counted apart between two tellings; further ones are counted together. */
    static final int SOURCES_MAX = 1_000;

    private static final Source OTHERS = new Source(Actor.STRANGER.from(new Origin("others", null, null)), 0);

    /** Whose attempts are counted together. Immutable. */
    record Source(Actor actor, int status) {
        /** What differs from one request to the next is not looked at. */
        static Source of(Actor actor, int status) {
            Origin where = new Origin(actor.origin().clientAddress(), null, null);
            return new Source(actor.from(where), status);
        }

        Source ofOthers() {
            return new Source(OTHERS.actor(), status);
        }
    }

    /** So many attempts of one source. Immutable. */
    record Told(Source source, long attempts, long lastMillis) {
        Told and(Told more) {
            return new Told(source, attempts + more.attempts, Math.max(lastMillis, more.lastMillis));
        }
    }

    private Map<Source, Told> counted = new HashMap<>();

    synchronized void count(Actor actor, int status, long nowMillis) {
        Source source = Source.of(actor, status);
        if (!counted.containsKey(source) && counted.size() >= SOURCES_MAX) {
            source = source.ofOthers();
        }
        counted.merge(source, new Told(source, 1, nowMillis), Told::and);
    }

    /** What was counted since the last time, and forgets it. */
    List<Told> take() {
        Map<Source, Told> taken;
        synchronized (this) {
            taken = counted;
            counted = new HashMap<>();
        }
        List<Told> most = new ArrayList<>(taken.values());
        most.sort(Comparator.comparingLong(Told::attempts).reversed());
        if (most.size() <= ROWS_MAX) {
            return most;
        }
        Map<Source, Told> others = new HashMap<>();
        for (Told told : most.subList(ROWS_MAX, most.size())) {
            Source source = told.source().ofOthers();
            others.merge(source, new Told(source, told.attempts(), told.lastMillis()), Told::and);
        }
        List<Told> rows = new ArrayList<>(most.subList(0, ROWS_MAX));
        rows.addAll(others.values());
        return rows;
    }
}
