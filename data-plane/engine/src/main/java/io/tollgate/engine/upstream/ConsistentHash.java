package io.tollgate.engine.upstream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The same target for the same hash, as long as it can take the call; else the next one on the ring. Shared; lock-free.
 *
 * <p>Implementation note. Each target stands on a ring of 32-bit hashes at points made from its address and a number, as many
 * as its weight says; a hash belongs to the first point at or after it (Karger et al., Consistent Hashing and Random Trees,
 * 1997). A target that joins or leaves moves only the hashes that it takes or leaves. With a bound, a target that has its fair
 * share of the calls in flight times the bound is passed over (Mirrokni, Thorup, Zadimoghaddam, Consistent Hashing with Bounded
 * Loads, 2016): no target gets more, and the overflow of a hot one spreads over its successors. A call that has nothing to hash
 * gets a random point. Cost: a binary search, and a walk past what is out or full.
 */
final class ConsistentHash implements Balancer {
    /** Points of a target of average weight: shares then differ by about a tenth. */
    private static final int POINTS_EACH = 160;
    /** Most points in all, so that a thousand targets still fit a cache. */
    private static final int POINTS_MAX = 65_536;

    private final int[] points;
    private final short[] owners;
    private final TargetState[] states;
    private final int[] weights;
    private final int weightTotal;
    private final HashRules rules;
    private final int boundPercent;

    private ConsistentHash(Ring ring, Candidates taking, HashRules rules, int boundPercent) {
        this.points = ring.points;
        this.owners = ring.owners;
        this.states = taking.states().toArray(new TargetState[0]);
        this.weights = taking.weights();
        this.weightTotal = Arrays.stream(weights).sum();
        this.rules = rules;
        this.boundPercent = boundPercent;
    }

    private record Ring(int[] points, short[] owners) {}

    /** @param boundPercent most calls in flight at one target, as a share of its fair load; 0: unbounded */
    static ConsistentHash of(Candidates candidates, HashRules rules, int boundPercent) {
        Candidates taking = candidates.only(target -> target.weight() > 0);
        return new ConsistentHash(ring(taking), taking, rules, boundPercent);
    }

    private static Ring ring(Candidates taking) {
        int size = taking.size();
        int[] weights = taking.weights();
        long total = Arrays.stream(weights).sum();
        int each = size == 0 ? 0 : Math.max(1, Math.min(POINTS_EACH, POINTS_MAX / size));
        // The upper half of a long is the point, the lower half who stands there: sorted together.
        long[] packed = new long[0];
        int count = 0;
        for (int owner = 0; owner < size; owner++) {
            int own = (int) Math.max(1, (long) each * size * weights[owner] / total);
            packed = Arrays.copyOf(packed, count + own);
            for (int number = 0; number < own; number++) {
                packed[count++] = (long) Hashes.of(taking.state(owner).toString(), number) << 32 | owner;
            }
        }
        Arrays.sort(packed);
        int[] points = new int[count];
        short[] owners = new short[count];
        for (int i = 0; i < count; i++) {
            points[i] = (int) (packed[i] >> 32);
            owners[i] = (short) packed[i];
        }
        return new Ring(points, owners);
    }

    @Override
    public @Nullable TargetState pick(PickRequest request, long nowMillis, boolean healthIgnored) {
        int length = points.length;
        if (length == 0) {
            return null;
        }
        int hash = request.hash(rules);
        int found = Arrays.binarySearch(points, hash == 0 ? request.random() : hash);
        int start = found < 0 ? -found - 1 : found;
        int inFlight = boundPercent == 0 ? 0 : inFlight();
        TargetState second = null;
        for (int step = 0; step < length; step++) {
            int at = start + step;
            int owner = owners[at < length ? at : at - length];
            TargetState candidate = states[owner];
            if (!healthIgnored && candidate.isOut(nowMillis)) {
                continue;
            }
            if (!request.isTried(candidate) && !isFull(owner, inFlight)) {
                return candidate;
            }
            if (second == null || (request.isTried(second) && !request.isTried(candidate))) {
                second = candidate;
            }
        }
        return second;
    }

    private int inFlight() {
        int sum = 0;
        for (TargetState state : states) {
            sum += state.inFlight();
        }
        return sum;
    }

    private boolean isFull(int owner, int inFlight) {
        if (boundPercent == 0) {
            return false;
        }
        long bound = (long) boundPercent * (inFlight + 1) * weights[owner];
        long whole = 100L * weightTotal;
        return states[owner].inFlight() + 1 > (bound + whole - 1) / whole;
    }
}
