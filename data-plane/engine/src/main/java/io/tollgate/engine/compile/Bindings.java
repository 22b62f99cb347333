package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds credentials by what they are bound to, and consumers by name. Immutable; the same object as long as nothing of it changes.
 *
 * @param byKey see {@link CredentialBindings#find}
 * @param keysById the key of each of them, by the credential's id
 */
record Bindings(
        PersistentMap<String, Credential> byKey,
        PersistentMap<String, String> keysById,
        PersistentMap<String, Consumer> consumersById,
        PersistentMap<String, Consumer> consumersByName)
        implements CredentialBindings {
    static final Bindings NONE =
            new Bindings(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());

    @Override
    public @Nullable Credential find(String key) {
        return byKey.get(key);
    }

    @Override
    public @Nullable Consumer consumer(String nameOrId) {
        Consumer byId = consumersById.get(nameOrId);
        return byId != null ? byId : consumersByName.get(nameOrId);
    }

    Bindings with(Map<String, @Nullable Credential> credentials, Map<String, @Nullable String> keys) {
        return credentials.isEmpty() && keys.isEmpty()
                ? this
                : new Bindings(byKey.with(credentials), keysById.with(keys), consumersById, consumersByName);
    }

    /** With these consumers, of which some are there by another name. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    Bindings with(PersistentMap<String, Consumer> consumers, Map<String, @Nullable Consumer> changedByName) {
        return consumers == consumersById
                ? this
                : new Bindings(byKey, keysById, consumers, consumersByName.with(changedByName));
    }
}
