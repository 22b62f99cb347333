package io.tollgate.controlplane.catalog.credential;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.tollgate.controlplane.catalog.directory.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of the table credential. Shared; worker threads only. */
@ApplicationScoped
public class CredentialRepository implements PanacheRepositoryBase<CredentialEntity, UUID> {
    @Nullable
    CredentialEntity byNameOrId(UUID consumerId, String nameOrId) {
        UUID id = Ids.parse(nameOrId);
        return id == null
                ? byName(consumerId, nameOrId)
                : find("consumerId = ?1 and id = ?2", consumerId, id).firstResult();
    }

    @Nullable
    CredentialEntity byName(UUID consumerId, String name) {
        return find("consumerId = ?1 and name = ?2", consumerId, name).firstResult();
    }

    List<CredentialEntity> page(UUID consumerId, String afterName, int limit) {
        return find("consumerId = ?1 and name > ?2", Sort.by("name"), consumerId, afterName)
                .range(0, limit - 1)
                .list();
    }
}
