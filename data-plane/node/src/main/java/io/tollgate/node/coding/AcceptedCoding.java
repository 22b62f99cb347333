package io.tollgate.node.coding;

import io.tollgate.engine.policy.ContentCoding;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which coding a client wants (RFC 9110, 12.5.3). Functions without state.
 *
 * <p>The highest weight wins, of equal ones the first that the gateway offers. A client that gives identity more weight than any
 * of them gets identity, and so does one that says nothing. Where the client refuses everything, identity is sent all the same.
 */
public final class AcceptedCoding {
    private static final int UNSAID = -1;
    private static final int WEIGHT_MAX = 1_000;

    private AcceptedCoding() {}

    /**
     * @param fields values of Accept-Encoding; none when the client sent none
     * @param offered in order of preference
     * @param worthIt whether the body should be coded; when it is not, it is for a client that refuses identity only
     * @return null: identity
     */
    public static @Nullable ContentCoding choose(List<String> fields, List<ContentCoding> offered, boolean worthIt) {
        int[] weights = new int[offered.size()];
        Arrays.fill(weights, UNSAID);
        int identity = UNSAID;
        int others = UNSAID;
        for (String field : fields) {
            for (int start = 0; start < field.length(); ) {
                int comma = field.indexOf(',', start);
                int end = comma < 0 ? field.length() : comma;
                String element = field.substring(start, end);
                start = end + 1;
                int weight = weight(element);
                String name = name(element);
                if (weight == UNSAID) {
                    continue;
                }
                if (name.equals("*")) {
                    others = weight;
                } else if (name.equalsIgnoreCase("identity")) {
                    identity = weight;
                } else {
                    say(name, weight, offered, weights);
                }
            }
        }
        int best = 0;
        ContentCoding chosen = null;
        for (int i = 0; i < weights.length; i++) {
            int weight = weights[i] == UNSAID ? others : weights[i];
            if (weight > best) {
                best = weight;
                chosen = offered.get(i);
            }
        }
        boolean identityRefused = identity == 0 || (identity == UNSAID && others == 0);
        return identity > best || !(worthIt || identityRefused) ? null : chosen;
    }

    private static void say(String name, int weight, List<ContentCoding> offered, int[] weights) {
        for (int i = 0; i < weights.length; i++) {
            if (offered.get(i).isNamed(name)) {
                weights[i] = weight;
            }
        }
    }

    private static String name(String element) {
        int semicolon = element.indexOf(';');
        return (semicolon < 0 ? element : element.substring(0, semicolon)).trim();
    }

    /** In thousandths; what is not a weight (RFC 9110, 12.4.2) leaves its element unsaid. */
    private static int weight(String element) {
        int semicolon = element.indexOf(';');
        if (semicolon < 0) {
            return WEIGHT_MAX;
        }
        String parameter = element.substring(semicolon + 1).trim();
        if (parameter.length() < 3 || parameter.length() > 7 || !parameter.regionMatches(true, 0, "q=", 0, 2)) {
            return UNSAID;
        }
        String text = parameter.substring(2);
        char first = text.charAt(0);
        if ((first != '0' && first != '1') || (text.length() > 1 && text.charAt(1) != '.')) {
            return UNSAID;
        }
        int weight = (first - '0') * WEIGHT_MAX;
        int unit = 100;
        for (int i = 2; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return UNSAID;
            }
            weight += digit * unit;
            unit /= 10;
        }
        return weight > WEIGHT_MAX ? UNSAID : weight;
    }
}
