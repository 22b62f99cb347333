package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialVerifier;
import io.tollgate.engine.password.PasswordCost;
import io.tollgate.engine.password.PasswordHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds credentials by what they are bound to, and consumers by name. Immutable; the same object as long as nothing of it changes.
 *
 * @param byKey see {@link CredentialBindings#find}
 * @param verifiers see {@link CredentialBindings#verifier}
 * @param keysById the key of each of them, by the credential's id
 * @param decoys see {@link CredentialBindings#decoys}; those of passwords that are not there any more stay
 */
record Bindings(
        PersistentMap<String, Credential> byKey,
        PersistentMap<String, CredentialVerifier> verifiers,
        PersistentMap<String, String> keysById,
        PersistentMap<String, Consumer> consumersById,
        PersistentMap<String, Consumer> consumersByName,
        List<PasswordHash> decoys)
        implements CredentialBindings {
    static final Bindings NONE = new Bindings(
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            List.of());

    /** Kinds of costs: no catalogue of passwords was made with more settings. */
    private static final int DECOYS_MAX = 32;

    /** Copies the list. */
    Bindings {
        decoys = List.copyOf(decoys);
    }

    @Override
    public @Nullable Credential find(String key) {
        return byKey.get(key);
    }

    @Override
    public @Nullable CredentialVerifier verifier(String key) {
        return verifiers.get(key);
    }

    @Override
    public List<PasswordHash> decoys() {
        return decoys.isEmpty() ? List.of(PasswordCost.USUAL.decoy()) : decoys;
    }

    @Override
    public @Nullable Consumer consumer(String nameOrId) {
        Consumer byId = consumersById.get(nameOrId);
        return byId != null ? byId : consumersByName.get(nameOrId);
    }

    Bindings with(
            Map<String, @Nullable Credential> credentials,
            Map<String, @Nullable CredentialVerifier> checks,
            Map<String, @Nullable String> keys) {
        return credentials.isEmpty() && keys.isEmpty()
                ? this
                : new Bindings(
                        byKey.with(credentials),
                        checks.isEmpty() ? verifiers : verifiers.with(checks),
                        keysById.with(keys),
                        consumersById,
                        consumersByName,
                        decoysWith(checks.values()));
    }

    private List<PasswordHash> decoysWith(Collection<@Nullable CredentialVerifier> checks) {
        List<PasswordHash> all = new ArrayList<>(decoys);
        for (CredentialVerifier check : checks) {
            if (check instanceof PasswordHash hash && all.size() < DECOYS_MAX) {
                boolean known = all.stream().anyMatch(decoy -> decoy.cost().equals(hash.cost()));
                if (!known) {
                    all.add(hash.cost().decoy());
                }
            }
        }
        return all;
    }

    /** With these consumers, of which some are there by another name. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    Bindings with(PersistentMap<String, Consumer> consumers, Map<String, @Nullable Consumer> changedByName) {
        return consumers == consumersById
                ? this
                : new Bindings(byKey, verifiers, keysById, consumers, consumersByName.with(changedByName), decoys);
    }
}
