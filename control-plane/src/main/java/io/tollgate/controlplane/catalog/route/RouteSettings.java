package io.tollgate.controlplane.catalog.route;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a route says beside its columns, with the services in it by id. They are in two places, {@code split.services} and {@code
 * mirror}: a caller writes and reads {@code service}, a name; what is stored is {@code service_id}. Immutable.
 *
 * @param serviceIds the services in it
 */
public record RouteSettings(Map<String, Object> settings, Set<UUID> serviceIds) {
    private static final String NAME = "service";
    private static final String ID = "service_id";

    /** Finds the services that {@code wanted} names; objects to those that are not there. */
    static RouteSettings resolve(Map<String, Object> wanted, Directory directory, FieldFaults faults) {
        Set<UUID> ids = new HashSet<>();
        Map<String, Object> settings = edited(wanted, (reference, pointer) -> {
            Object nameOrId = reference.get(NAME);
            UUID id = directory.reference(ObjectKind.SERVICE, String.valueOf(nameOrId), pointer + "/" + NAME, faults);
            if (id != null) {
                ids.add(id);
            }
            return replaced(reference, NAME, ID, String.valueOf(id));
        });
        return new RouteSettings(settings, ids);
    }

    /** Stored settings as callers see them. */
    public static Map<String, Object> named(Map<String, Object> stored, Function<UUID, String> names) {
        return edited(
                stored,
                (reference, pointer) ->
                        replaced(reference, ID, NAME, names.apply(UUID.fromString(String.valueOf(reference.get(ID))))));
    }

    /** A copy in which every object that refers to a service, told with its pointer, is what {@code edit} makes of it. */
    private static Map<String, Object> edited(
            Map<String, Object> settings, BiFunction<Map<?, ?>, String, Map<String, Object>> edit) {
        Map<String, Object> edited = new HashMap<>(settings);
        edited.computeIfPresent("mirror", (member, mirror) -> edit.apply((Map<?, ?>) mirror, "/mirror"));
        edited.computeIfPresent("split", (member, split) -> {
            List<Object> services = new ArrayList<>();
            for (Object service : (List<?>) member((Map<?, ?>) split, "services")) {
                services.add(edit.apply((Map<?, ?>) service, "/split/services/" + services.size()));
            }
            return replaced((Map<?, ?>) split, "services", "services", services);
        });
        return edited;
    }

    private static Object member(Map<?, ?> object, String name) {
        @Nullable Object value = object.get(name);
        return value == null ? List.of() : value;
    }

    private static Map<String, Object> replaced(Map<?, ?> object, String member, String by, Object value) {
        Map<String, Object> copy = new HashMap<>();
        object.forEach((name, kept) -> copy.put((String) name, kept));
        copy.remove(member);
        copy.put(by, value);
        return copy;
    }
}
