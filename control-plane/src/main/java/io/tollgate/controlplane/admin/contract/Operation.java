package io.tollgate.controlplane.admin.contract;

import java.util.List;
import java.util.Set;

/**
 * One operation of the contract. Immutable.
 *
 * @param id    operationId, which is also the name of the resource's method
 * @param noun  the tag that it stands under
 * @param roles of which a caller needs one
 */
public record Operation(
        String id, String method, String path, String noun, Set<String> roles, List<Parameter> parameters) {
    public Operation {
        roles = Set.copyOf(roles);
        parameters = List.copyOf(parameters);
    }

    public boolean writes() {
        return !method.equals("GET");
    }
}
