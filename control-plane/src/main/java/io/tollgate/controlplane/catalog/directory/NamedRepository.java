package io.tollgate.controlplane.catalog.directory;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of a noun whose objects have names. Shared; worker threads only. */
public interface NamedRepository<E extends CatalogEntity> extends PanacheRepositoryBase<E, UUID> {
    /** The object with this id or, else, with this name. */
    default @Nullable E byNameOrId(String nameOrId) {
        UUID id = Ids.parse(nameOrId);
        E found = id == null ? null : findById(id);
        return found != null ? found : byName(nameOrId);
    }

    default @Nullable E byName(String name) {
        return find("name", name).firstResult();
    }

    /** At most {@code limit} of the filtered rows, by name, behind {@code afterName}; from the start when that is empty. */
    default List<E> page(Filter filter, String afterName, int limit) {
        filter.where("name > :after", "after", afterName);
        return find(filter.condition(), Sort.by("name"), filter.parameters())
                .range(0, limit - 1)
                .list();
    }
}
