package io.tollgate.controlplane.catalog.service;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Services and their rules. Shared; worker threads only. */
@Singleton
public class ServiceCatalog extends NamedCatalog<ServiceEntity, ServiceDraft> {
    private final Directory directory;

    ServiceCatalog(ServiceRepository rows, Directory directory) {
        super(ObjectKind.SERVICE, rows);
        this.directory = directory;
    }

    @Override
    protected ServiceEntity blank() {
        return new ServiceEntity();
    }

    @Override
    protected String nameOf(ServiceDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<ServiceEntity> judge(ServiceDraft wanted, ServiceEntity entity, FieldFaults faults) {
        faults.duplicates(
                "/targets",
                wanted.targets().stream()
                        .map(target -> target.host() + ":" + target.port())
                        .toList());
        faults.duplicates("/tags", wanted.tags());
        ServiceSettings settings = ServiceSettings.resolve(wanted.settings(), directory, faults);
        return row -> row.apply(wanted, settings);
    }

    @Override
    protected List<String> referrers(ServiceEntity entity) {
        return Stream.of(
                        directory.referrers(ObjectKind.ROUTE, ":id member of serviceIds", entity.id()),
                        directory.referrers(ObjectKind.PLAN, ":id member of serviceIds", entity.id()),
                        directory.referrers(
                                ObjectKind.POLICY, "(serviceId = :id or askedServiceId = :id)", entity.id()))
                .flatMap(List::stream)
                .toList();
    }
}
