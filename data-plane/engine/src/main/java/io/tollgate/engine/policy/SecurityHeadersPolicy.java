package io.tollgate.engine.policy;

import java.util.List;

/**
 * Fields that tell browsers to be careful. Immutable.
 *
 * @param fields each once
 * @param replaces whether they go before what the service says
 */
public record SecurityHeadersPolicy(List<Field> fields, boolean replaces) {
    /** Copies the list. */
    public SecurityHeadersPolicy {
        fields = List.copyOf(fields);
    }

    /** A header field. Immutable. */
    public record Field(String name, String value) {}
}
