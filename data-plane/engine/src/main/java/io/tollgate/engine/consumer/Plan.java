package io.tollgate.engine.consumer;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.quota.RateLimiter;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be bought. Immutable.
 *
 * <p>Routes are known by ordinal only: a bit per route that the plan entitles to.
 */
public final class Plan {
    private final String id;
    private final String name;
    private final boolean enabled;
    private final boolean allRoutes;
    private final long[] entitledRoutes;
    private final @Nullable RateLimiter rateLimiter;
    private final @Nullable RateLimiter rateLimitOverride;
    private final @Nullable IdentityHeaders identityHeadersOverride;
    private final @Nullable AccessRules accessOverride;
    private final WhenUnmetered whenUnmetered;
    private final long idHigh;
    private final long idLow;

    /**
     * A plan.
     *
     * @param identity id and name
     * @param enabled false: its subscriptions entitle to nothing
     * @param allRoutes whether it entitles to every route, also to those to come
     * @param entitledRoutes ordinals of the routes that it entitles to
     * @param terms what else it says about calls
     */
    public Plan(Identity identity, boolean enabled, boolean allRoutes, BitSet entitledRoutes, Terms terms) {
        this.id = identity.id();
        this.name = identity.name();
        this.enabled = enabled;
        this.allRoutes = allRoutes;
        this.entitledRoutes = entitledRoutes.toLongArray();
        this.rateLimiter = terms.rateLimiter();
        this.rateLimitOverride = terms.rateLimitOverride();
        this.identityHeadersOverride = terms.identityHeadersOverride();
        this.accessOverride = terms.accessOverride();
        this.whenUnmetered = terms.whenUnmetered();
        this.idHigh = identity.idHigh();
        this.idLow = identity.idLow();
    }

    /**
     * What a plan says about calls beside which routes it covers. Immutable.
     *
     * @param rateLimiter shared by all routes of the plan, per consumer; applies in addition to the rate-limit policy
     * @param rateLimitOverride the rate-limit policy attached to the plan
     * @param identityHeadersOverride the identity-headers policy attached to the plan
     * @param accessOverride the access policy attached to the plan
     * @param whenUnmetered what happens to a call that cannot be counted
     */
    public record Terms(
            @Nullable RateLimiter rateLimiter,
            @Nullable RateLimiter rateLimitOverride,
            @Nullable IdentityHeaders identityHeadersOverride,
            @Nullable AccessRules accessOverride,
            WhenUnmetered whenUnmetered) {}

    /** Canonical UUID text. */
    public String id() {
        return id;
    }

    /** Unique name. */
    public String name() {
        return name;
    }

    /** Whether its subscriptions entitle to anything. */
    public boolean enabled() {
        return enabled;
    }

    /** Whether it entitles to every route. */
    public boolean allRoutes() {
        return allRoutes;
    }

    /** Whether a live subscription to this plan covers the route with this ordinal. No allocation. */
    public boolean entitles(int routeOrdinal) {
        if (!enabled) {
            return false;
        }
        int word = routeOrdinal >> 6;
        return allRoutes || (word < entitledRoutes.length && (entitledRoutes[word] >>> routeOrdinal & 1) != 0);
    }

    /** Limit shared by all routes of the plan, per consumer; null when there is none. */
    public @Nullable RateLimiter rateLimiter() {
        return rateLimiter;
    }

    /** The rate-limit policy attached to this plan; null when there is none. */
    public @Nullable RateLimiter rateLimitOverride() {
        return rateLimitOverride;
    }

    /** The identity-headers policy attached to this plan; null when there is none. */
    public @Nullable IdentityHeaders identityHeadersOverride() {
        return identityHeadersOverride;
    }

    /** The access policy attached to this plan; null when there is none. */
    public @Nullable AccessRules accessOverride() {
        return accessOverride;
    }

    /** What happens to a call that cannot be counted. */
    public WhenUnmetered whenUnmetered() {
        return whenUnmetered;
    }

    /** Upper half of the UUID. */
    public long idHigh() {
        return idHigh;
    }

    /** Lower half of the UUID. */
    public long idLow() {
        return idLow;
    }

    /** Whether the other plan says exactly the same, so that who refers to it need not be compiled again. */
    public boolean isSameAs(Plan other) {
        return id.equals(other.id)
                && name.equals(other.name)
                && enabled == other.enabled
                && allRoutes == other.allRoutes
                && Arrays.equals(entitledRoutes, other.entitledRoutes)
                && isSameLimit(rateLimiter, other.rateLimiter)
                && isSameLimit(rateLimitOverride, other.rateLimitOverride)
                && Objects.equals(identityHeadersOverride, other.identityHeadersOverride)
                && Objects.equals(accessOverride, other.accessOverride)
                && whenUnmetered == other.whenUnmetered;
    }

    private static boolean isSameLimit(@Nullable RateLimiter one, @Nullable RateLimiter other) {
        return (one == null) == (other == null)
                && (one == null || other == null || one.limit().equals(other.limit()));
    }

    @Override
    public String toString() {
        return "Plan[" + name + " " + id + "]";
    }
}
