package io.tollgate.engine.action;

import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Which of several services a call goes to. Immutable.
 *
 * <p>Implementation note. A call that need not stick goes where a random number falls between 0 and the sum of the weights.
 * A sticky one goes by weighted rendezvous hashing (Schindelhauer and Schomaker, 2005): each service draws a number u
 * between 0 and 1 from a hash of the subject and its own id, and the one with the least −ln(u)/weight wins. Each service
 * wins its share of the subjects; when one weight grows, subjects move only to that service, and when one shrinks only away
 * from it. All nodes choose alike, since nothing but ids and weights counts. Cost: O(services), no allocation.
 */
public final class SplitChoice {
    /** Most services of one split. */
    public static final int SERVICES_MAX = 16;

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    /** 2 to the power of -53: makes a number between 0 and 1 of 53 bits. */
    private static final double UNIT = 0x1.0p-53;

    private final List<Share> shares;
    private final boolean sticky;
    private final long[] salts;
    private final int weightSum;

    /** A choice between these, of which at least one has a weight above 0. */
    public SplitChoice(List<Share> shares, boolean sticky) {
        this.shares = List.copyOf(shares);
        this.sticky = sticky;
        this.salts = new long[shares.size()];
        int sum = 0;
        for (int i = 0; i < salts.length; i++) {
            salts[i] = shares.get(i).salt();
            sum += shares.get(i).weight();
        }
        if (sum == 0) {
            throw new IllegalArgumentException("no share has a weight");
        }
        this.weightSum = sum;
    }

    public List<Share> shares() {
        return shares;
    }

    /** Whether a subject always goes to the same service. */
    public boolean isSticky() {
        return sticky;
    }

    /** Sum of the weights: the bound of a draw. */
    public int weightSum() {
        return weightSum;
    }

    /** Index of the share for a number from 0 to below {@link #weightSum}. */
    public int byDraw(int draw) {
        int rest = draw;
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            if (rest < share.weight()) {
                return i;
            }
            rest -= share.weight();
        }
        throw new IllegalArgumentException(draw + " (expected: less than " + weightSum + ")");
    }

    /** Index of the share of this subject. */
    public int bySubject(String subject) {
        long hash = FNV_BASIS;
        for (int i = 0; i < subject.length(); i++) {
            hash = (hash ^ subject.charAt(i)) * FNV_PRIME;
        }
        int winner = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < salts.length; i++) {
            int weight = shares.get(i).weight();
            if (weight > 0) {
                // The half keeps u away from 0, whose logarithm is infinite.
                double u = ((mix(hash ^ salts[i]) >>> 11) + 0.5) * UNIT;
                double score = -StrictMath.log(u) / weight;
                if (score < least) {
                    least = score;
                    winner = i;
                }
            }
        }
        return winner;
    }

    @SuppressWarnings("ReferenceEquality") // What did not change is the same instance.
    SplitChoice withUpstreams(Function<String, Upstream> byId) {
        List<Share> now = new ArrayList<>(shares.size());
        boolean changed = false;
        for (Share share : shares) {
            Upstream upstream = byId.apply(share.upstream().id());
            changed |= upstream != share.upstream();
            now.add(upstream == share.upstream() ? share : new Share(upstream, share.weight()));
        }
        return changed ? new SplitChoice(now, sticky) : this;
    }

    // The finaliser of MurmurHash3: every bit of the input changes half of the output's.
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Share share : shares) {
            out.append(out.length() == 0 ? "" : ", ")
                    .append(share.upstream().name())
                    .append(' ')
                    .append(share.weight());
        }
        return out.append(sticky ? ", sticky" : "").toString();
    }
}
