package io.tollgate.engine.policy;

import com.google.re2j.Pattern;
import io.tollgate.engine.route.MethodSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What no client may be or do, whoever calls. Immutable.
 *
 * @param name of the policy
 * @param allowedMethods no other is taken
 * @param deniedMethods none of these is
 * @param allowedUserAgents one of them is found in the name that the client gives itself; none: any name will do
 * @param deniedUserAgents none of them is
 */
public record ClientFilterPolicy(
        String name,
        MethodSet allowedMethods,
        Set<String> deniedMethods,
        List<Pattern> allowedUserAgents,
        List<Pattern> deniedUserAgents) {
    /** No browser has a longer name; what is longer is looked at no further and refused. */
    public static final int USER_AGENT_CHARACTERS_MAX = 1_024;

    /** What a route that takes every method is said to take (RFC 9110, 9.1; RFC 5789). */
    private static final List<String> USUAL_METHODS =
            List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

    /** Copies the collections. */
    public ClientFilterPolicy {
        deniedMethods = Set.copyOf(deniedMethods);
        allowedUserAgents = List.copyOf(allowedUserAgents);
        deniedUserAgents = List.copyOf(deniedUserAgents);
    }

    /** Whether the method is one that passes. No allocation. */
    public boolean takesMethod(String method) {
        return allowedMethods.takes(method) && !deniedMethods.contains(method);
    }

    /** Those of a route's methods that pass, as the Allow field has them. */
    public String allowedOf(MethodSet routeMethods) {
        Set<String> passing = new TreeSet<>();
        List<String> listed = !routeMethods.isAny()
                ? routeMethods.listed()
                : allowedMethods.isAny() ? USUAL_METHODS : allowedMethods.listed();
        for (String method : listed) {
            if (takesMethod(method)) {
                passing.add(method);
            }
        }
        return String.join(", ", passing);
    }

    /** Whether it cares what clients call themselves. */
    public boolean asksUserAgent() {
        return !allowedUserAgents.isEmpty() || !deniedUserAgents.isEmpty();
    }

    /** Whether a client that calls itself so passes; empty: it has no name. */
    public boolean takesUserAgent(String userAgent) {
        return userAgent.length() <= USER_AGENT_CHARACTERS_MAX
                && !isFound(deniedUserAgents, userAgent)
                && (allowedUserAgents.isEmpty() || isFound(allowedUserAgents, userAgent));
    }

    private static boolean isFound(List<Pattern> patterns, String text) {
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).matcher(text).find()) {
                return true;
            }
        }
        return false;
    }
}
