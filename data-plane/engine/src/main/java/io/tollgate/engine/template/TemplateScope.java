package io.tollgate.engine.template;

import java.util.Set;

/**
 * Which names a template may use where it stands. Immutable.
 *
 * @param parameters of the path that every path of the route has
 * @param hasService whether a service is called there
 */
public record TemplateScope(Set<String> parameters, boolean hasService) {
    /** Copies the set. */
    public TemplateScope {
        parameters = Set.copyOf(parameters);
    }
}
