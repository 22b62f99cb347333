package io.tollgate.controlplane.catalog.consumer;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;

/** Consumers and their rules. Shared; worker threads only. */
@Singleton
public class ConsumerCatalog extends NamedCatalog<ConsumerEntity, ConsumerDraft> {
    private final Directory directory;

    ConsumerCatalog(ConsumerRepository rows, Directory directory) {
        super(ObjectKind.CONSUMER, rows);
        this.directory = directory;
    }

    @Override
    protected ConsumerEntity blank() {
        return new ConsumerEntity();
    }

    @Override
    protected String nameOf(ConsumerDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<ConsumerEntity> judge(ConsumerDraft wanted, ConsumerEntity entity, FieldFaults faults) {
        faults.duplicates("/groups", wanted.groups());
        faults.duplicates("/tags", wanted.tags());
        return row -> row.apply(wanted);
    }

    /** What belongs to a consumer goes with it, in the same revision; only policies that name it in their rules refer to it. */
    @Override
    protected List<String> referrers(ConsumerEntity entity) {
        return directory.policiesThatName(entity.id());
    }

    @Override
    public void delete(RevisionDraft draft, ConsumerEntity entity) {
        requireUnused(entity);
        for (ObjectKind kind : List.of(ObjectKind.CREDENTIAL, ObjectKind.SUBSCRIPTION, ObjectKind.POLICY)) {
            for (CatalogEntity belonging : directory.ofConsumer(kind, entity.id())) {
                draft.delete(belonging, null);
            }
        }
        draft.delete(entity, entity.billingId());
    }
}
