package io.tollgate.controlplane.catalog.audit;

import java.util.Set;

/** Who acts: the subject of the token and its roles. Immutable. */
public record Actor(String subject, Set<String> roles) {
    /** The control plane itself, at its first start. */
    public static final Actor TOLLGATE = new Actor("tollgate", Set.of());

    public Actor {
        roles = Set.copyOf(roles);
    }

    /** The roles in a stable order, for people. */
    public String rolesText() {
        return String.join(",", roles.stream().sorted().toList());
    }
}
