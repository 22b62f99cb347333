package io.tollgate.controlplane.catalog.revision;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.List;

/** Reads the line of revisions. Shared; worker threads only. */
@ApplicationScoped
public class RevisionHistory {
    private final EntityManager entities;

    RevisionHistory(EntityManager entities) {
        this.entities = entities;
    }

    /** At most {@code limit} revisions before {@code below}, the newest first. */
    public List<RevisionEntry> page(long below, int limit) {
        return entities.createQuery(
                        "from RevisionEntry where revision < :below order by revision desc", RevisionEntry.class)
                .setParameter("below", below)
                .setMaxResults(limit)
                .getResultList();
    }

    public RevisionEntry get(long revision) {
        RevisionEntry found = entities.find(RevisionEntry.class, revision);
        if (found == null) {
            throw new NotInCatalog("revision", Long.toString(revision));
        }
        return found;
    }
}
