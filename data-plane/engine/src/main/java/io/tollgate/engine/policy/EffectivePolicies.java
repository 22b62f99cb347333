package io.tollgate.engine.policy;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.IdentityHeaders;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.quota.RateLimiter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What applies to the calls of one route: of each type the policy of the route, else of its service, else the global one,
 * else the default. What the caller's plan or consumer says of a type comes first. Immutable.
 *
 * @param policies the most specific ones of route, service and gateway
 * @param rateLimiter of these the one that limits, which is asked for with every call; null when nothing limits
 * @param identityHeaders of these what the upstream is told
 * @param access of these who may call; null when everybody may
 */
public record EffectivePolicies(
        Policies policies,
        @Nullable RateLimiter rateLimiter,
        IdentityHeaders identityHeaders,
        @Nullable AccessRules access) {
    /** What applies where no policy is attached at all. */
    public static final EffectivePolicies DEFAULT = of(Policies.NONE);

    /** What applies to a route of which these are the most specific ones of route, service and gateway. */
    public static EffectivePolicies of(Policies policies) {
        return new EffectivePolicies(
                policies,
                policies.find(PolicyType.RATE_LIMIT),
                policies.get(PolicyType.IDENTITY_HEADERS, IdentityHeaders.DEFAULT),
                policies.find(PolicyType.ACCESS));
    }

    /** The policy of a type that wins on this route; null when none is attached. For the making of pipelines: costs a look into a map. */
    public <T> @Nullable T find(PolicyType<T> type) {
        return policies.find(type);
    }

    /** How an API key is presented; null where none is taken: another way is said, or that keys are not. */
    public @Nullable KeyAuthPolicy keyAuth() {
        KeyAuthPolicy own = policies.find(PolicyType.KEY_AUTH);
        if (own != null) {
            return own.hasPlaces() ? own : null;
        }
        return hasCredentialPolicy() ? null : KeyAuthPolicy.DEFAULT;
    }

    /** Whether callers may prove themselves in other ways than by keys. For people and the making of pipelines. */
    public boolean takesMoreThanKeys() {
        return credentialPolicies().stream().anyMatch(policy -> !(policy instanceof KeyAuthPolicy));
    }

    /** Whether a call that presents nothing passes. */
    public boolean anonymousAllowed() {
        for (Object policy : policies.byType().values()) {
            if (policy instanceof CredentialPolicy credentials && credentials.anonymousAllowed()) {
                return true;
            }
        }
        return false;
    }

    private boolean hasCredentialPolicy() {
        for (Object policy : policies.byType().values()) {
            if (policy instanceof CredentialPolicy) {
                return true;
            }
        }
        return false;
    }

    /** The policies by which callers may prove themselves here. For the making of pipelines. */
    public List<CredentialPolicy> credentialPolicies() {
        List<CredentialPolicy> all = new ArrayList<>();
        KeyAuthPolicy keys = keyAuth();
        if (keys != null) {
            all.add(keys);
        }
        for (Object policy : policies.byType().values()) {
            if (policy instanceof CredentialPolicy credentials && !(policy instanceof KeyAuthPolicy)) {
                all.add(credentials);
            }
        }
        return all;
    }

    /** Lower-case names of the headers that may hold what proves a caller. */
    public List<String> secretHeaders() {
        return credentialPolicies().stream()
                .flatMap(policy -> policy.secretHeaders().stream())
                .toList();
    }

    /** Names of the query parameters that may. */
    public List<String> secretParameters() {
        return credentialPolicies().stream()
                .flatMap(policy -> policy.secretParameters().stream())
                .toList();
    }

    /** The limiter of the rate-limit policy that wins for this caller; null when nothing limits. No allocation. */
    public @Nullable RateLimiter rateLimiterFor(@Nullable Consumer consumer, @Nullable Plan plan) {
        if (consumer != null && consumer.rateLimitOverride() != null) {
            return consumer.rateLimitOverride();
        }
        if (plan != null && plan.rateLimitOverride() != null) {
            return plan.rateLimitOverride();
        }
        return rateLimiter;
    }

    /** The rules on who may call that win for this caller; null when everybody may. No allocation. */
    public @Nullable AccessRules accessFor(@Nullable Consumer consumer, @Nullable Plan plan) {
        if (consumer != null && consumer.accessOverride() != null) {
            return consumer.accessOverride();
        }
        if (plan != null && plan.accessOverride() != null) {
            return plan.accessOverride();
        }
        return access;
    }

    /** The identity headers that win for this caller. No allocation. */
    public IdentityHeaders identityHeadersFor(@Nullable Consumer consumer, @Nullable Plan plan) {
        if (consumer != null) {
            IdentityHeaders own = consumer.identityHeadersOverride();
            if (own != null) {
                return own;
            }
        }
        if (plan != null) {
            IdentityHeaders own = plan.identityHeadersOverride();
            if (own != null) {
                return own;
            }
        }
        return identityHeaders;
    }
}
