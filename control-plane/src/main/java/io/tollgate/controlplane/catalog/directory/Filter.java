package io.tollgate.controlplane.catalog.directory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which rows of a noun a listing wants: conditions that must all hold. One thread. */
public final class Filter {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> parameters = new HashMap<>();

    /** Adds a condition in HQL on one parameter of the name {@code parameter}; an absent value asks for nothing. */
    public Filter where(String condition, String parameter, @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            parameters.put(parameter, value);
        }
        return this;
    }

    public Filter tag(@Nullable String tag) {
        return where("array_position(tags, :tag) > 0", "tag", tag);
    }

    public Filter enabled(@Nullable Boolean enabled) {
        return where("enabled = :enabled", "enabled", enabled);
    }

    String condition() {
        return conditions.isEmpty() ? "true = true" : String.join(" and ", conditions);
    }

    Map<String, Object> parameters() {
        return parameters;
    }
}
