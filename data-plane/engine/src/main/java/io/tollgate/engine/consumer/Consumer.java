package io.tollgate.engine.consumer;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.quota.RateLimiter;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A partner or an application that calls. Immutable. */
public final class Consumer {
    private static final Grant[] NO_GRANTS = {};

    private final String id;
    private final String name;
    private final boolean enabled;
    private final List<String> groups;
    private final String groupsHeader;
    private final Grant[] grants;
    private final @Nullable RateLimiter rateLimitOverride;
    private final @Nullable IdentityHeaders identityHeadersOverride;
    private final @Nullable AccessRules accessOverride;
    private final long idHigh;
    private final long idLow;

    /**
     * A consumer.
     *
     * @param identity id and name
     * @param enabled false: its keys are refused with 403
     * @param groups names of the groups it is in
     * @param grants its subscriptions, in any order
     * @param overrides the policies attached to it
     */
    public Consumer(Identity identity, boolean enabled, List<String> groups, List<Grant> grants, Overrides overrides) {
        this.id = identity.id();
        this.name = identity.name();
        this.idHigh = identity.idHigh();
        this.idLow = identity.idLow();
        this.enabled = enabled;
        this.groups = List.copyOf(groups);
        this.groupsHeader = String.join(",", groups);
        this.grants = grants.stream()
                .sorted(Comparator.comparingLong(Grant::startsAtMillis)
                        .reversed()
                        .thenComparing(Grant::subscriptionId))
                .toList()
                .toArray(NO_GRANTS);
        this.rateLimitOverride = overrides.rateLimit();
        this.identityHeadersOverride = overrides.identityHeaders();
        this.accessOverride = overrides.access();
    }

    /**
     * The policies attached to a consumer. Immutable.
     *
     * @param rateLimit the rate-limit policy
     * @param identityHeaders the identity-headers policy
     * @param access the access policy
     */
    public record Overrides(
            @Nullable RateLimiter rateLimit,
            @Nullable IdentityHeaders identityHeaders,
            @Nullable AccessRules access) {
        /** No policy is attached. */
        public static final Overrides NONE = new Overrides(null, null, null);
    }

    /**
     * The live grant whose plan covers this route: of several, the one that started last. Null when none does. No
     * allocation; the cost grows with the consumer's own subscriptions only.
     */
    public @Nullable Grant grantFor(int routeOrdinal, long nowMillis) {
        for (Grant grant : grants) {
            if (grant.isLive(nowMillis) && grant.plan().entitles(routeOrdinal)) {
                return grant;
            }
        }
        return null;
    }

    /** Canonical UUID text. */
    public String id() {
        return id;
    }

    /** Unique name. */
    public String name() {
        return name;
    }

    /** Whether its keys are accepted. */
    public boolean enabled() {
        return enabled;
    }

    /** Names of the groups it is in. */
    public List<String> groups() {
        return groups;
    }

    /** The groups separated by commas, as a header tells them. */
    public String groupsHeader() {
        return groupsHeader;
    }

    /** All subscriptions, the one that starts last first. */
    public List<Grant> grants() {
        return List.of(grants);
    }

    /** The rate-limit policy attached to this consumer; null when there is none. */
    public @Nullable RateLimiter rateLimitOverride() {
        return rateLimitOverride;
    }

    /** The identity-headers policy attached to this consumer; null when there is none. */
    public @Nullable IdentityHeaders identityHeadersOverride() {
        return identityHeadersOverride;
    }

    /** The access policy attached to this consumer; null when there is none. */
    public @Nullable AccessRules accessOverride() {
        return accessOverride;
    }

    /** Upper half of the UUID. */
    public long idHigh() {
        return idHigh;
    }

    /** Lower half of the UUID. */
    public long idLow() {
        return idLow;
    }

    @Override
    public String toString() {
        return "Consumer[" + name + " " + id + "]";
    }
}
