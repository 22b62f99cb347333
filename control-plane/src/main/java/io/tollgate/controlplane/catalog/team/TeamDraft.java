package io.tollgate.controlplane.catalog.team;

import java.util.List;

/**
 * What a caller wants a team to be; its shape has been judged against the contract. Immutable.
 *
 * @param consumers  names or ids; so {@code services} and {@code routes}
 * @param memberTags objects with one of them are members too
 */
public record TeamDraft(
        String name,
        String description,
        List<String> consumers,
        List<String> services,
        List<String> routes,
        List<String> memberTags,
        List<String> tags) {}
