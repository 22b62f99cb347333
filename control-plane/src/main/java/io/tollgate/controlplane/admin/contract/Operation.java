package io.tollgate.controlplane.admin.contract;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the contract. Immutable.
 *
 * @param id    operationId, which is also the name of the resource's method
 * @param noun  the tag that it stands under
 * @param roles of which a caller needs one
 * @param forTeams whether callers that are limited to teams may call it, for what their teams have
 */
public record Operation(
        String id,
        String method,
        String path,
        String noun,
        Set<String> roles,
        boolean forTeams,
        List<Parameter> parameters) {
    public Operation {
        roles = Set.copyOf(roles);
        parameters = List.copyOf(parameters);
    }

    /** Whether {@code requested} is a path of this operation, whatever stands in place of the parameters. */
    boolean isAt(String requested) {
        String[] wanted = path.split("/", -1);
        String[] given = requested.split("/", -1);
        boolean fits = wanted.length == given.length;
        for (int i = 0; fits && i < wanted.length; i++) {
            fits = wanted[i].startsWith("{") || wanted[i].equals(given[i]);
        }
        return fits;
    }

    public boolean writes() {
        return !method.equals("GET");
    }

    /** Word of the kind of object that it is about, as the audit has it. */
    public String kind() {
        return switch (noun) {
            case "keys", "key-batches" -> "credential";
            case "policies" -> "policy";
            default -> noun.endsWith("s") ? noun.substring(0, noun.length() - 1) : noun;
        };
    }

    /** The parameter that names the object, where it is about one: the last of the path. */
    public @Nullable String ownParameter() {
        return path.endsWith("}") ? path.substring(path.lastIndexOf('{') + 1, path.length() - 1) : null;
    }
}
