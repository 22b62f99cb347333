package io.tollgate.controlplane.catalog.listener;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;

/** Listeners and their rules. Shared; worker threads only. */
@Singleton
public class ListenerCatalog extends NamedCatalog<ListenerEntity, ListenerDraft> {
    private final Directory directory;

    ListenerCatalog(ListenerRepository rows, Directory directory) {
        super(ObjectKind.LISTENER, rows);
        this.directory = directory;
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
        ListenerSettings settings = ListenerSettings.resolve(wanted.settings(), directory, faults);
        return row -> row.apply(wanted, settings);
    }

    @Override
    protected List<String> referrers(ListenerEntity entity) {
        return List.of();
    }
}
