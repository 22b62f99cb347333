package io.tollgate.controlplane.admin.answer;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Names of the objects that others refer to, each read once for an answer. One thread. */
final class Names {
    private final Directory directory;
    private final Map<ObjectKind, Map<UUID, String>> known = new EnumMap<>(ObjectKind.class);

    Names(Directory directory) {
        this.directory = directory;
    }

    /** Reads those of {@code ids} that are not known yet, in one query. */
    void load(ObjectKind kind, Collection<UUID> ids) {
        Map<UUID, String> names = known.computeIfAbsent(kind, k -> new HashMap<>());
        Set<UUID> missing = new HashSet<>(ids);
        missing.removeAll(names.keySet());
        names.putAll(directory.names(kind, missing));
    }

    /** Names of those of {@code ids} that the caller may know of, sorted. */
    List<String> seen(ObjectKind kind, Set<UUID> ids) {
        load(kind, ids);
        Map<UUID, String> names = known.getOrDefault(kind, Map.of());
        return ids.stream().filter(names::containsKey).map(names::get).sorted().toList();
    }

    String of(ObjectKind kind, UUID id) {
        load(kind, Set.of(id));
        return known.getOrDefault(kind, Map.of()).getOrDefault(id, id.toString());
    }
}
