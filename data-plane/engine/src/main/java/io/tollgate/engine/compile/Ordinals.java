package io.tollgate.engine.compile;

import io.tollgate.engine.route.Route;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which route stands where: dense, and as it was as far as that goes. Compile thread only.
 *
 * <p>A route that is gone leaves a hole, which the next new route or else the one with the highest ordinal fills. Costs
 * O(routes) of array work.
 */
final class Ordinals {
    private final String[] ids;
    private final @Nullable Route[] kept;

    private Ordinals(String[] ids, @Nullable Route[] kept) {
        this.ids = ids;
        this.kept = kept;
    }

    static Ordinals assign(Iterable<Route> before, Set<String> changed, WireConfiguration wire) {
        int size = wire.size(ObjectKind.OBJECT_KIND_ROUTE);
        @Nullable String[] ids = new @Nullable String[size];
        @Nullable Route[] kept = new @Nullable Route[size];
        TreeSet<String> placed = new TreeSet<>();
        ArrayDeque<String> homeless = new ArrayDeque<>();
        Map<String, Route> moved = new HashMap<>();
        for (Route route : before) {
            boolean isChanged = changed.contains(route.id());
            if (isChanged && wire.find(new ObjectKey(ObjectKind.OBJECT_KIND_ROUTE, route.id())) == null) {
                continue;
            }
            if (isChanged) {
                placed.add(route.id());
            }
            if (route.ordinal() < size) {
                ids[route.ordinal()] = route.id();
                kept[route.ordinal()] = isChanged ? null : route;
            } else {
                homeless.add(route.id());
                if (!isChanged) {
                    moved.put(route.id(), route);
                }
            }
        }
        for (String id : new TreeSet<>(changed)) {
            if (!placed.contains(id) && wire.find(new ObjectKey(ObjectKind.OBJECT_KIND_ROUTE, id)) != null) {
                homeless.add(id);
            }
        }
        String[] full = new String[size];
        for (int ordinal = 0; ordinal < size; ordinal++) {
            String id = ids[ordinal];
            full[ordinal] = id == null ? homeless.remove() : id;
            Route elsewhere = moved.get(full[ordinal]);
            if (elsewhere != null) {
                kept[ordinal] = elsewhere.withOrdinal(ordinal);
            }
        }
        return new Ordinals(full, kept);
    }

    int size() {
        return ids.length;
    }

    String id(int ordinal) {
        return ids[ordinal];
    }

    /** The compiled route that stands here, as it was but for the place; null when it is new or changed. */
    @Nullable
    Route kept(int ordinal) {
        return kept[ordinal];
    }
}
