package io.tollgate.controlplane.catalog.credential;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.tollgate.controlplane.catalog.directory.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Rows of the table credential. Shared; worker threads only. */
@ApplicationScoped
public class CredentialRepository implements PanacheRepositoryBase<CredentialEntity, UUID> {
    private static final Sort NEWEST_FIRST = Sort.descending("generation");
    private static final Sort BY_NAME = Sort.by("name").and("generation", Sort.Direction.Descending);

    @Nullable
    CredentialEntity byNameOrId(UUID consumerId, String nameOrId) {
        UUID id = Ids.parse(nameOrId);
        return id == null
                ? byName(consumerId, nameOrId)
                : find("type = 'key' and consumerId = ?1 and id = ?2", consumerId, id)
                        .firstResult();
    }

    @Nullable
    CredentialEntity byName(UUID consumerId, String name) {
        return find("type = 'key' and consumerId = ?1 and name = ?2", NEWEST_FIRST, consumerId, name)
                .firstResult();
    }

    /** Of whatever type it is: all of a consumer's have different names. */
    @Nullable
    CredentialEntity anyByName(UUID consumerId, String name) {
        return find("consumerId = ?1 and name = ?2", consumerId, name).firstResult();
    }

    @Nullable
    CredentialEntity bindingByNameOrId(UUID consumerId, String nameOrId) {
        UUID id = Ids.parse(nameOrId);
        return id == null
                ? find("type <> 'key' and consumerId = ?1 and name = ?2", consumerId, nameOrId)
                        .firstResult()
                : find("type <> 'key' and consumerId = ?1 and id = ?2", consumerId, id)
                        .firstResult();
    }

    List<CredentialEntity> bindingPage(UUID consumerId, String afterName, int limit) {
        return find("type <> 'key' and consumerId = ?1 and name > ?2", Sort.by("name"), consumerId, afterName)
                .range(0, limit - 1)
                .list();
    }

    /** All generations of a name, the newest first. */
    List<CredentialEntity> generations(UUID consumerId, String name) {
        return list("type = 'key' and consumerId = ?1 and name = ?2", NEWEST_FIRST, consumerId, name);
    }

    List<CredentialEntity> page(UUID consumerId, KeyPlace after, int limit) {
        return find(
                        "type = 'key' and consumerId = ?1 and (name > ?2 or (name = ?2 and generation < ?3))",
                        BY_NAME,
                        consumerId,
                        after.name(),
                        after.generation())
                .range(0, limit - 1)
                .list();
    }

    /** When these were used last, where they were at all. */
    Map<UUID, Instant> lastUsed(Collection<UUID> ids) {
        Map<UUID, Instant> used = new HashMap<>();
        if (!ids.isEmpty()) {
            for (Object[] row : getEntityManager()
                    .unwrap(Session.class)
                    .createNativeQuery(
                            "select credential_id, last_used_at from credential_use where credential_id in (:ids)",
                            Object[].class)
                    .setParameter("ids", ids)
                    .getResultList()) {
                used.put((UUID) row[0], (Instant) row[1]);
            }
        }
        return used;
    }
}
