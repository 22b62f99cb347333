package io.tollgate.controlplane.catalog.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How attempts were refused. Immutable.
 *
 * @param status   of the answer
 * @param attempts how many are told of at once; one, unless they came too fast for rows of their own
 * @param lastAt   when the last of several was; absent for one
 */
public record Refusal(int status, long attempts, @Nullable Instant lastAt) {
    public static Refusal of(int status) {
        return new Refusal(status, 1, null);
    }
}
