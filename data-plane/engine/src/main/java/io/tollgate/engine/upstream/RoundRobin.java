package io.tollgate.engine.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Smooth weighted round robin. Shared; lock-free.
 *
 * <p>Implementation note. The order is worked out once: a schedule in which each target stands as often as its reduced
 * weight says, spread as evenly as possible (the rule of nginx: everyone gains its weight, the richest is chosen and pays
 * the total). A pick is one atomic increment and a walk past targets that are out, were tried, or start slowly and lose
 * their draw. Cost: O(1) for a healthy upstream; at worst one walk through the schedule, which is bounded by
 * {@value #SCHEDULE_MAX} entries.
 */
final class RoundRobin implements Balancer {
    /** Longest schedule; weights are scaled down to fit, which rounds shares by less than a thousandth. */
    static final int SCHEDULE_MAX = 16_384;

    private final TargetState[] schedule;
    private final int slowStartMillis;
    private final AtomicInteger next = new AtomicInteger();

    private RoundRobin(TargetState[] schedule, int slowStartMillis) {
        this.schedule = schedule;
        this.slowStartMillis = slowStartMillis;
    }

    static RoundRobin of(Candidates candidates) {
        int[] weights = reduce(candidates.weights());
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        TargetState[] schedule = new TargetState[total];
        int[] credit = new int[weights.length];
        for (int slot = 0; slot < total; slot++) {
            int richest = -1;
            for (int i = 0; i < weights.length; i++) {
                credit[i] += weights[i];
                if (weights[i] > 0 && (richest < 0 || credit[i] > credit[richest])) {
                    richest = i;
                }
            }
            credit[richest] -= total;
            schedule[slot] = candidates.state(richest);
        }
        return new RoundRobin(schedule, candidates.slowStartMillis());
    }

    @Override
    public @Nullable TargetState pick(PickRequest request, long nowMillis, boolean healthIgnored) {
        int length = schedule.length;
        if (length == 0) {
            return null;
        }
        // The turn is not taken twice for one call: whoever is asked again, without regard to health, starts anywhere.
        int start = Math.floorMod(healthIgnored ? request.random() : next.getAndIncrement(), length);
        TargetState second = null;
        for (int step = 0, at = start; step < length; step++, at++) {
            TargetState candidate = schedule[at < length ? at : at - length];
            if (!healthIgnored && candidate.isOut(nowMillis)) {
                continue;
            }
            if (!request.isTried(candidate) && Candidates.isDrawn(candidate, slowStartMillis, request, nowMillis)) {
                return candidate;
            }
            if (second == null || (request.isTried(second) && !request.isTried(candidate))) {
                second = candidate;
            }
        }
        return second;
    }

    private static int[] reduce(int[] weights) {
        int divisor = 0;
        long total = 0;
        for (int weight : weights) {
            divisor = greatestCommonDivisor(divisor, weight);
            total += weight;
        }
        if (total == 0) {
            return weights;
        }
        int[] reduced = new int[weights.length];
        // Rounding up may add one per target, so the room for that is left out of the scale.
        int room = SCHEDULE_MAX - weights.length;
        for (int i = 0; i < weights.length; i++) {
            reduced[i] = total / divisor <= SCHEDULE_MAX
                    ? weights[i] / divisor
                    : Math.toIntExact(((long) weights[i] * room + total - 1) / total);
        }
        return reduced;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
