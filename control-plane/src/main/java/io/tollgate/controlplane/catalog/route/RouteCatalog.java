package io.tollgate.controlplane.catalog.route;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Routes and their rules; what hosts, paths and rewrites may say is the compiler's to judge. Shared; worker threads only. */
@Singleton
public class RouteCatalog extends NamedCatalog<RouteEntity, RouteDraft> {
    private final Directory directory;

    RouteCatalog(RouteRepository rows, Directory directory) {
        super(ObjectKind.ROUTE, rows);
        this.directory = directory;
    }

    @Override
    protected RouteEntity blank() {
        return new RouteEntity();
    }

    @Override
    protected String nameOf(RouteDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<RouteEntity> judge(RouteDraft wanted, RouteEntity entity, FieldFaults faults) {
        faults.duplicates("/hosts", wanted.hosts());
        faults.duplicates("/paths", wanted.paths());
        faults.duplicates("/methods", wanted.methods());
        faults.duplicates("/tags", wanted.tags());
        RouteRewrite rewrite = wanted.rewrite();
        if (rewrite != null && (rewrite.replacePrefix() == null) == (rewrite.replaceFull() == null)) {
            faults.add("/rewrite", "none or both (expected: exactly one of replace_prefix and replace_full)");
        }
        requireOneAction(wanted, faults);
        UUID serviceId = wanted.service() == null
                ? null
                : directory.reference(ObjectKind.SERVICE, wanted.service(), "/service", faults);
        RouteSettings settings = RouteSettings.resolve(wanted.settings(), directory, faults);
        return row -> row.apply(wanted, serviceId, settings);
    }

    private static void requireOneAction(RouteDraft wanted, FieldFaults faults) {
        List<String> given = Stream.of("service", "split", "redirect", "fixed_answer")
                .filter(action -> action.equals("service")
                        ? wanted.service() != null
                        : wanted.settings().containsKey(action))
                .toList();
        if (given.size() != 1) {
            faults.add(
                    "/" + (given.isEmpty() ? "service" : given.get(1)),
                    (given.isEmpty() ? "nothing" : String.join(" and ", given))
                            + " (expected: exactly one of service, split, redirect and fixed_answer)");
        }
    }

    @Override
    protected List<String> referrers(RouteEntity entity) {
        return Stream.of(
                        directory.referrers(ObjectKind.PLAN, ":id member of routeIds", entity.id()),
                        directory.referrers(ObjectKind.POLICY, "routeId = :id", entity.id()))
                .flatMap(List::stream)
                .toList();
    }
}
