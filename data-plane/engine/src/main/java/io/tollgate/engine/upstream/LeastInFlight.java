package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Of two targets drawn by weight, the one with fewer calls in flight for its weight. Shared; lock-free.
 *
 * <p>Implementation note. Two random choices keep the longest queue within a constant of the mean plus log log n, at the
 * price of two looks instead of n, and do not send everybody to the same momentarily idle target (Mitzenmacher, The Power of
 * Two Choices in Randomized Load Balancing, 2001). Drawing by weight is a binary search in running sums. When neither drawn
 * target can be called, all are looked at once: O(n), only while targets are out.
 */
final class LeastInFlight implements Balancer {
    private final TargetState[] states;
    private final int[] weights;
    private final int[] sums;
    private final int slowStartMillis;

    private LeastInFlight(TargetState[] states, int[] weights, int[] sums, int slowStartMillis) {
        this.states = states;
        this.weights = weights;
        this.sums = sums;
        this.slowStartMillis = slowStartMillis;
    }

    static LeastInFlight of(Candidates candidates) {
        Candidates taking = candidates.only(target -> target.weight() > 0);
        int[] weights = taking.weights();
        int[] sums = new int[weights.length];
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            sums[i] = sum;
        }
        return new LeastInFlight(taking.states().toArray(new TargetState[0]), weights, sums, taking.slowStartMillis());
    }

    @Override
    public @Nullable TargetState pick(PickRequest request, long nowMillis, boolean healthIgnored) {
        if (states.length == 0) {
            return null;
        }
        int one = draw(request.random());
        int other = draw(request.random());
        boolean oneFits = fits(one, request, nowMillis, healthIgnored);
        boolean otherFits = other != one && fits(other, request, nowMillis, healthIgnored);
        if (oneFits && otherFits) {
            return states[isLighter(other, one) ? other : one];
        }
        if (oneFits || otherFits) {
            return states[oneFits ? one : other];
        }
        return lightest(request, nowMillis, healthIgnored);
    }

    private int draw(int random) {
        int point = Math.floorMod(random, sums[sums.length - 1]);
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private boolean fits(int index, PickRequest request, long nowMillis, boolean healthIgnored) {
        TargetState state = states[index];
        return (healthIgnored || !state.isOut(nowMillis))
                && !request.isTried(state)
                && Candidates.isDrawn(state, slowStartMillis, request, nowMillis);
    }

    private @Nullable TargetState lightest(PickRequest request, long nowMillis, boolean healthIgnored) {
        int best = -1;
        for (int i = 0; i < states.length; i++) {
            if (!healthIgnored && states[i].isOut(nowMillis)) {
                continue;
            }
            if (best < 0
                    || (request.isTried(states[best]) && !request.isTried(states[i]))
                    || (request.isTried(states[best]) == request.isTried(states[i]) && isLighter(i, best))) {
                best = i;
            }
        }
        return best < 0 ? null : states[best];
    }

    private boolean isLighter(int one, int than) {
        return (long) states[one].inFlight() * weights[than] < (long) states[than].inFlight() * weights[one];
    }
}
