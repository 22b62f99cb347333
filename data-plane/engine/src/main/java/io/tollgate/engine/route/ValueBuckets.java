package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Routes of one pattern, spread by the one value that most of them want, so that a thousand tenants told apart by a header
 * cost what one costs. Immutable.
 *
 * <p>Positions are those in the order of precedence; each answer is in that order too.
 */
final class ValueBuckets {
    /** Fewer routes are asked one by one: that costs less than a lookup. */
    static final int ROUTES_MIN = 8;

    static final int[] NOTHING = {};

    private final Key key;
    private final Map<String, int[]> byValue;
    private final int[] others;

    private ValueBuckets(Key key, Map<String, int[]> byValue, int[] others) {
        this.key = key;
        this.byValue = byValue;
        this.others = others;
    }

    private record Key(boolean isHeader, String name) {
        @Nullable
        String wantedBy(Route route) {
            List<ValueCondition> conditions =
                    isHeader ? route.conditions().headers() : route.conditions().queryParameters();
            for (ValueCondition condition : conditions) {
                if (condition.name().equals(name) && condition.test() instanceof ValueTest.Exact exact) {
                    return exact.octets();
                }
            }
            return null;
        }
    }

    /** Buckets for these routes, given in the order of precedence; null when they are better asked one by one. */
    static @Nullable ValueBuckets of(List<Route> routes) {
        if (routes.size() < ROUTES_MIN) {
            return null;
        }
        Map<Key, Integer> uses = new HashMap<>();
        for (Route route : routes) {
            count(route.conditions().headers(), true, uses);
            count(route.conditions().queryParameters(), false, uses);
        }
        Key key = uses.entrySet().stream()
                .max(Map.Entry.<Key, Integer>comparingByValue()
                        .thenComparing(Map.Entry::getKey, Comparator.comparing(Key::name)))
                .map(Map.Entry::getKey)
                .orElse(null);
        if (key == null) {
            return null;
        }
        Map<String, List<Integer>> positions = new HashMap<>();
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            String value = key.wantedBy(routes.get(i));
            (value == null ? others : positions.computeIfAbsent(value, unknown -> new ArrayList<>(1))).add(i);
        }
        Map<String, int[]> byValue = new HashMap<>();
        positions.forEach((value, at) -> byValue.put(value, ints(at)));
        return new ValueBuckets(key, byValue, ints(others));
    }

    private static void count(List<ValueCondition> conditions, boolean isHeader, Map<Key, Integer> uses) {
        for (ValueCondition condition : conditions) {
            if (condition.test() instanceof ValueTest.Exact) {
                uses.merge(new Key(isHeader, condition.name()), 1, Integer::sum);
            }
        }
    }

    private static int[] ints(List<Integer> positions) {
        return positions.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Positions of the routes that want the value that this request has. */
    int[] of(RouteRequest request) {
        String value = key.isHeader() ? request.header(key.name()) : request.queryParameter(key.name());
        int[] positions = value == null ? null : byValue.get(value);
        return positions == null ? NOTHING : positions;
    }

    /** Positions of the routes that may match whatever the value is. */
    int[] others() {
        return others;
    }
}
