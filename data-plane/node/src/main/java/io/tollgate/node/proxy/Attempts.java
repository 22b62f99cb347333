package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.CallResult;
import org.jspecify.annotations.Nullable;

/** The attempts of one call that are under way, the newest first: one, but for hedges. Event-loop confined. */
final class Attempts {
    private @Nullable Attempt newest;

    /** The first to look at; the others follow by {@link Attempt#sibling}. */
    @Nullable
    Attempt newest() {
        return newest;
    }

    void add(Attempt attempt) {
        attempt.sibling = newest;
        newest = attempt;
    }

    boolean isOneOfSeveral(Attempt attempt) {
        return attempt.sibling != null || !attempt.equals(newest);
    }

    /** Ends one; the others go on. */
    void end(Attempt attempt, CallResult result) {
        attempt.end(result);
        if (attempt.equals(newest)) {
            newest = attempt.sibling;
            return;
        }
        for (Attempt before = newest; before != null; before = before.sibling) {
            if (attempt.equals(before.sibling)) {
                before.sibling = attempt.sibling;
                return;
            }
        }
    }

    /** Cancels the others, which tells nothing of their targets. */
    void settle(Attempt winner) {
        for (Attempt other = newest; other != null; other = other.sibling) {
            if (!other.equals(winner)) {
                other.end(CallResult.CANCELLED);
            }
        }
        winner.sibling = null;
        newest = winner;
    }

    /** Ends all: the result is told of the first one, which was given the most time; hedges beside it are cancelled. */
    void endAll(CallResult result) {
        for (Attempt attempt = newest; attempt != null; attempt = attempt.sibling) {
            attempt.end(attempt.sibling == null ? result : CallResult.CANCELLED);
        }
        newest = null;
    }
}
