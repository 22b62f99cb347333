package io.tollgate.controlplane.catalog.adminissuer;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of the table admin_issuer. Shared; worker threads only. */
@ApplicationScoped
public class AdminIssuerRepository implements NamedRepository<AdminIssuerEntity> {
    @Nullable
    AdminIssuerEntity byIssuer(String issuer) {
        return find("issuer", issuer).firstResult();
    }

    List<AdminIssuerEntity> everyEnabled() {
        return list("enabled = true");
    }
}
