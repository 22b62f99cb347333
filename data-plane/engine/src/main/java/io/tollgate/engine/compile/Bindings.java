package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialVerifier;
import io.tollgate.engine.password.PasswordCost;
import io.tollgate.engine.password.PasswordHash;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds credentials by what they are bound to, and consumers by name. Immutable; the same object as long as nothing of it changes.
 *
 * @param byKey see {@link CredentialBindings#find}
 * @param verifiers see {@link CredentialBindings#verifier}
 * @param keysById the key of each of them, by the credential's id
 * @param costs of the passwords that are there, each with how many have it; in their order
 * @param decoys see {@link CredentialBindings#decoys}; one of each cost, in the same order
 */
record Bindings(
        PersistentMap<String, Credential> byKey,
        PersistentMap<String, CredentialVerifier> verifiers,
        PersistentMap<String, String> keysById,
        PersistentMap<String, Consumer> consumersById,
        PersistentMap<String, Consumer> consumersByName,
        SortedMap<PasswordCost, Integer> costs,
        List<PasswordHash> decoys)
        implements CredentialBindings {
    static final Bindings NONE = new Bindings(
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            noCosts(),
            List.of(PasswordCost.USUAL.decoy()));

    /** Kinds of costs: no catalogue of passwords was made with more settings. */
    private static final int DECOYS_MAX = 32;

    /** Copies both. */
    Bindings {
        costs = Collections.unmodifiableSortedMap(new TreeMap<>(costs));
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
    public @Nullable Consumer consumer(String nameOrId) {
        Consumer byId = consumersById.get(nameOrId);
        return byId != null ? byId : consumersByName.get(nameOrId);
    }

    private static SortedMap<PasswordCost, Integer> noCosts() {
        return new TreeMap<>(PasswordCost.ORDER);
    }

    Bindings with(
            Map<String, @Nullable Credential> credentials,
            Map<String, @Nullable CredentialVerifier> checks,
            Map<String, @Nullable String> keys) {
        if (credentials.isEmpty() && keys.isEmpty()) {
            return this;
        }
        SortedMap<PasswordCost, Integer> now = costsWith(checks);
        return new Bindings(
                byKey.with(credentials),
                checks.isEmpty() ? verifiers : verifiers.with(checks),
                keysById.with(keys),
                consumersById,
                consumersByName,
                now,
                now.keySet().equals(costs.keySet()) ? decoys : decoysOf(now));
    }

    private SortedMap<PasswordCost, Integer> costsWith(Map<String, @Nullable CredentialVerifier> checks) {
        if (checks.isEmpty()) {
            return costs;
        }
        SortedMap<PasswordCost, Integer> now = noCosts();
        now.putAll(costs);
        checks.forEach((key, check) -> {
            if (verifiers.get(key) instanceof PasswordHash before) {
                now.computeIfPresent(before.cost(), (cost, count) -> count == 1 ? null : count - 1);
            }
            if (check instanceof PasswordHash hash) {
                now.merge(hash.cost(), 1, Integer::sum);
            }
        });
        return now;
    }

    private static List<PasswordHash> decoysOf(SortedMap<PasswordCost, Integer> costs) {
        return costs.isEmpty()
                ? NONE.decoys
                : costs.keySet().stream()
                        .limit(DECOYS_MAX)
                        .map(PasswordCost::decoy)
                        .toList();
    }

    /** With these consumers, of which some are there by another name. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    Bindings with(PersistentMap<String, Consumer> consumers, Map<String, @Nullable Consumer> changedByName) {
        return consumers == consumersById
                ? this
                : new Bindings(
                        byKey, verifiers, keysById, consumers, consumersByName.with(changedByName), costs, decoys);
    }
}
