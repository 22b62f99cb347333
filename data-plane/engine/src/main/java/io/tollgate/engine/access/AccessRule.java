package io.tollgate.engine.access;

import io.tollgate.engine.address.NetworkTrie;
import io.tollgate.engine.expression.Expression;
import io.tollgate.engine.route.MethodSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds where everything that it names does; what is empty is not asked for. Immutable.
 *
 * @param allows what becomes of a call for which it holds
 * @param methods that it is about
 * @param groups the caller is in one of them
 * @param scopes the caller has all of them
 * @param anyScopes the caller has one of them
 * @param consumerIds the caller is one of them
 * @param networks the call comes from one of them
 * @param windows it is within one of them
 * @param expression it says so
 */
public record AccessRule(
        boolean allows,
        MethodSet methods,
        Set<String> groups,
        List<String> scopes,
        List<String> anyScopes,
        Set<String> consumerIds,
        NetworkTrie networks,
        TimeWindows windows,
        @Nullable Expression expression) {
    /** Copies the collections. */
    public AccessRule {
        groups = Set.copyOf(groups);
        scopes = List.copyOf(scopes);
        anyScopes = List.copyOf(anyScopes);
        consumerIds = Set.copyOf(consumerIds);
    }

    /** Whether all that it names holds, but for the scopes and the expression. No allocation, but at the boundary of a time window. */
    boolean holdsByNames(AccessFacts facts) {
        return methods.takes(facts.method())
                && (consumerIds.isEmpty() || consumerIds.contains(facts.consumerId()))
                && (groups.isEmpty() || isInGroup(facts.groups()))
                && (networks.isEmpty() || networks.contains(facts.clientAddressBytes()))
                && (windows.isEmpty() || windows.isOpen(facts.epochMillis()));
    }

    /** Whether the same call may be judged otherwise at another time. */
    boolean dependsOnTime() {
        return !windows.isEmpty() || (expression != null && expression.namesTime());
    }

    private boolean isInGroup(List<String> of) {
        for (int i = 0; i < of.size(); i++) {
            if (groups.contains(of.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the caller has the scopes that it names. No allocation. */
    boolean holdsByScopes(AccessFacts facts) {
        for (int i = 0; i < scopes.size(); i++) {
            if (!facts.hasScope(scopes.get(i))) {
                return false;
            }
        }
        for (int i = 0; i < anyScopes.size(); i++) {
            if (facts.hasScope(anyScopes.get(i))) {
                return true;
            }
        }
        return anyScopes.isEmpty();
    }

    /** Scopes with which it holds, separated by spaces: all that it wants, and the first of those of which one is enough. */
    String scopeWanted() {
        String all = String.join(" ", scopes);
        if (anyScopes.isEmpty()) {
            return all;
        }
        return all.isEmpty() ? anyScopes.get(0) : all + " " + anyScopes.get(0);
    }
}
