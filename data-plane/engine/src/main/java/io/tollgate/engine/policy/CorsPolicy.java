package io.tollgate.engine.policy;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which pages of other origins may call from a browser, and how (Fetch Standard, 3.2). Immutable.
 *
 * @param origins that may, as browsers write them; {@code *}: all
 * @param wilds sets of origins that may
 * @param methods that they may use; none: those that the route takes
 * @param headers in lower case that they may send; {@code *}: all
 * @param exposedHeaders value of Access-Control-Expose-Headers; empty: none
 * @param credentials whether browsers send cookies and the like
 * @param maxAgeSeconds how long browsers remember
 * @param privateNetwork whether pages of public networks may call a private one
 * @param passUpstream whether the service's own word goes first
 */
public record CorsPolicy(
        Set<String> origins,
        List<Wild> wilds,
        List<String> methods,
        Set<String> headers,
        String exposedHeaders,
        boolean credentials,
        int maxAgeSeconds,
        boolean privateNetwork,
        boolean passUpstream) {
    /** What browsers keep to at most. */
    public static final int MAX_AGE_SECONDS_MAX = 86_400;

    public static final String ANY = "*";

    private static final Pattern ORIGIN = Pattern.compile(
            "[a-z][a-z0-9+.-]*://([*][.])?([a-z0-9_-]+([.][a-z0-9_-]+)*|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");
    private static final String NULL = "null";

    /**
     * All origins whose host is below another: {@code https://*.example.com}. Immutable.
     *
     * @param start scheme with what parts it from the host
     * @param end with the dot before it, and the port where one is said
     */
    public record Wild(String start, String end) {
        boolean takes(String origin) {
            int length = origin.length() - start.length() - end.length();
            if (length < 1 || !origin.startsWith(start) || !origin.endsWith(end)) {
                return false;
            }
            for (int i = start.length(); i < start.length() + length; i++) {
                char c = origin.charAt(i);
                if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.') {
                    return false;
                }
            }
            return true;
        }
    }

    /** Copies the collections. */
    public CorsPolicy {
        origins = Set.copyOf(origins);
        wilds = List.copyOf(wilds);
        methods = List.copyOf(methods);
        headers = Set.copyOf(headers);
    }

    /** Whether this is an origin, a set of them, all of them, or the one of pages without one. */
    public static boolean isOrigin(String text) {
        return text.equals(ANY) || text.equals(NULL) || ORIGIN.matcher(text).matches();
    }

    /** The set that this origin with a star is; each must be an origin. */
    public static Wild wild(String text) {
        int star = text.indexOf('*');
        return new Wild(text.substring(0, star), text.substring(star + 1));
    }

    public boolean takesAll() {
        return origins.contains(ANY);
    }

    /** Whether the answer is the same for all origins. */
    public boolean isSameForAll() {
        return takesAll() && !credentials;
    }

    /** Whether pages of this origin may call. No allocation. */
    public boolean takes(String origin) {
        if (takesAll() || origins.contains(origin)) {
            return true;
        }
        for (int i = 0; i < wilds.size(); i++) {
            if (wilds.get(i).takes(origin)) {
                return true;
            }
        }
        return false;
    }

    /** Whether they may use this method. */
    public boolean takesMethod(String method) {
        return methods.isEmpty() || methods.contains(method);
    }

    /** Whether they may send this header, in lower case. */
    public boolean takesHeader(String lowerCaseName) {
        return headers.contains(ANY) || headers.contains(lowerCaseName);
    }
}
