package io.tollgate.controlplane.catalog.policy;

import java.util.List;

/**
 * What a caller wants a policy to be; its shape has been judged against the contract. Immutable.
 *
 * @param attachment   where it applies
 * @param attachedName name or id of what it is attached to; empty when global
 */
public record PolicyDraft(
        String name,
        boolean enabled,
        PolicyConfig config,
        PolicyPlace.Kind attachment,
        String attachedName,
        List<String> tags) {}
