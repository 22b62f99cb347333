package io.tollgate.engine.compile;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Who refers to an object. Compile thread only.
 *
 * <p>Implementation note. Most objects have one referrer (a consumer its key, a route its plan), few have very many (a plan
 * its subscriptions): one is kept as itself, several as a set, so a change costs O(1) in either case.
 */
final class ReferrerIndex {
    private final Map<ObjectKey, Object> referrers = new HashMap<>();

    void add(ObjectKey target, ObjectKey referrer) {
        Object known = referrers.get(target);
        if (known == null) {
            referrers.put(target, referrer);
        } else if (known instanceof Referrers many) {
            many.keys.add(referrer);
        } else if (!known.equals(referrer)) {
            Referrers many = new Referrers();
            many.keys.add((ObjectKey) known);
            many.keys.add(referrer);
            referrers.put(target, many);
        }
    }

    void remove(ObjectKey target, ObjectKey referrer) {
        Object known = referrers.get(target);
        if (known instanceof Referrers many) {
            many.keys.remove(referrer);
            if (many.keys.isEmpty()) {
                referrers.remove(target);
            }
        } else if (referrer.equals(known)) {
            referrers.remove(target);
        }
    }

    Collection<ObjectKey> of(ObjectKey target) {
        Object known = referrers.get(target);
        if (known instanceof Referrers many) {
            return many.keys;
        }
        return known == null ? List.of() : List.of((ObjectKey) known);
    }

    private static final class Referrers {
        private final LinkedHashSet<ObjectKey> keys = new LinkedHashSet<>();
    }
}
