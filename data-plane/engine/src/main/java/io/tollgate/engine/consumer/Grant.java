package io.tollgate.engine.consumer;

/**
 * A subscription as its consumer holds it: a plan for a time. Immutable.
 *
 * @param subscriptionId canonical UUID text
 * @param plan what was bought
 * @param startsAtMillis first millisecond since the Unix epoch in which it is live
 * @param endsAtMillis first millisecond in which it is not any more; {@link Long#MAX_VALUE} for an open end
 */
public record Grant(String subscriptionId, Plan plan, long startsAtMillis, long endsAtMillis) {
    /** Whether the subscription is live. */
    public boolean isLive(long nowMillis) {
        return startsAtMillis <= nowMillis && nowMillis < endsAtMillis;
    }
}
