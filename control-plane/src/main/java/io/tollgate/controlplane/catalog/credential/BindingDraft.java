package io.tollgate.controlplane.catalog.credential;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a credential to be that is no API key; its shape has been judged against the contract. Immutable.
 *
 * @param type the word of its type
 * @param issuer name or id of the token issuer; null for the types that have none
 * @param settings the other members of the type, as they are stored
 * @param secret what is secret of it; null: what is there stays
 */
public record BindingDraft(
        String name,
        String type,
        @Nullable String issuer,
        Map<String, Object> settings,
        @Nullable BindingSecret secret) {
    /** The same with this secret. */
    BindingDraft secret(BindingSecret other) {
        return new BindingDraft(name, type, issuer, settings, other);
    }

    /** Copies the members. */
    public BindingDraft {
        settings = Map.copyOf(settings);
    }
}
