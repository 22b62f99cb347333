package io.tollgate.controlplane.catalog.listener;

import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;

/** Listeners and their rules. Shared; worker threads only. */
@Singleton
public class ListenerCatalog extends NamedCatalog<ListenerEntity, ListenerDraft> {
    ListenerCatalog(ListenerRepository rows) {
        super(ObjectKind.LISTENER, rows);
    }

    @Override
    protected ListenerEntity blank() {
        return new ListenerEntity();
    }

    @Override
    protected String nameOf(ListenerDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<ListenerEntity> judge(ListenerDraft wanted, ListenerEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        return row -> row.apply(wanted);
    }

    @Override
    protected List<String> referrers(ListenerEntity entity) {
        return List.of();
    }
}
