package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

/**
 * How a service chooses among its targets. Immutable; the states it refers to are shared.
 *
 * <p>Where the node has a zone and the service prefers it, the targets of that zone are asked first, as long as enough of them are
 * healthy.
 */
public final class Choice {
    /** How targets are chosen. Immutable. */
    public enum Algorithm {
        ROUND_ROBIN,
        LEAST_IN_FLIGHT,
        CONSISTENT_HASH
    }

    /**
     * What a service says about choosing. Immutable.
     *
     * @param hash what is hashed; null for the other algorithms
     * @param loadBoundPercent most calls in flight at one target, as a share of its fair load; 0: unbounded
     * @param slowStartMillis how long a target that is new or came back ramps up; 0: at once
     * @param zoneHealthyPercentMin share of the own zone's targets that must be healthy to be preferred; 0: zones do not matter
     * @param failOpen whether any target is called when none is healthy
     */
    public record Rules(
            Algorithm algorithm,
            @Nullable HashRules hash,
            int loadBoundPercent,
            int slowStartMillis,
            int zoneHealthyPercentMin,
            boolean failOpen) {
        /** What applies where a service says nothing. */
        public static final Rules DEFAULT = new Rules(Algorithm.ROUND_ROBIN, null, 0, 0, 0, false);
    }

    private final Rules rules;
    private final int panicPercent;
    private final Candidates all;
    private final Balancer balancer;
    private final @Nullable Candidates near;
    private final @Nullable Balancer nearBalancer;

    private Choice(Rules rules, int panicPercent, Candidates all, @Nullable Candidates near) {
        this.rules = rules;
        this.panicPercent = panicPercent;
        this.all = all;
        this.balancer = balancer(rules, all);
        this.near = near;
        this.nearBalancer = near == null ? null : balancer(rules, near);
    }

    /** @param zone the node's own; empty when it has none */
    static Choice of(Rules rules, int panicPercent, Candidates all, String zone) {
        boolean zoned = rules.zoneHealthyPercentMin() > 0 && !zone.isEmpty();
        Candidates near = zoned ? all.only(target -> target.zone().equals(zone)) : null;
        boolean useful = near != null && near.size() > 0 && near.size() < all.size();
        return new Choice(rules, panicPercent, all, useful ? near : null);
    }

    private static Balancer balancer(Rules rules, Candidates candidates) {
        return switch (rules.algorithm()) {
            case ROUND_ROBIN -> RoundRobin.of(candidates);
            case LEAST_IN_FLIGHT -> LeastInFlight.of(candidates);
            case CONSISTENT_HASH -> {
                HashRules hash = rules.hash();
                if (hash == null) {
                    throw new IllegalArgumentException("a consistent hash of nothing");
                }
                yield ConsistentHash.of(candidates, hash, rules.loadBoundPercent());
            }
        };
    }

    /** The target for a call now; null when no target takes calls, or none is healthy and that is a refusal. */
    @Nullable
    TargetState pick(PickRequest request, long nowMillis) {
        if (panicPercent > 0 && all.healthyPercent(nowMillis) < panicPercent) {
            return balancer.pick(request, nowMillis, true);
        }
        if (near != null && nearBalancer != null && near.healthyPercent(nowMillis) >= rules.zoneHealthyPercentMin()) {
            TargetState picked = nearBalancer.pick(request, nowMillis, false);
            if (picked != null && !request.isTried(picked)) {
                return picked;
            }
        }
        TargetState picked = balancer.pick(request, nowMillis, false);
        return picked == null && rules.failOpen() ? balancer.pick(request, nowMillis, true) : picked;
    }

    public Rules rules() {
        return rules;
    }
}
