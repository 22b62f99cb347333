package io.tollgate.controlplane.admin.issuer;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerCatalog;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerEntity;
import io.tollgate.controlplane.snapshot.ConfigurationMirror;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The issuers of the catalog as tokens are verified with them: read again when this control plane has seen a newer revision, whoever
 * committed it (at once, or within a second). Keys that an issuer has are kept while it stays where it is. Shared; worker threads.
 */
@ApplicationScoped
public class TrustedIssuers {
    private final AdminIssuerCatalog catalog;
    private final ConfigurationMirror mirror;
    private final KeyFetch fetch;
    private final Clock clock;

    private volatile Known known = new Known(-1, Map.of());

    /** What a revision knows. Immutable. */
    private record Known(long revision, Map<String, TrustedIssuer> byIssuer) {}

    TrustedIssuers(AdminIssuerCatalog catalog, ConfigurationMirror mirror, ObjectMapper mapper, Clock clock) {
        this.catalog = catalog;
        this.mirror = mirror;
        this.fetch = new KeyFetch(mapper);
        this.clock = clock;
    }

    /** The one that signs as {@code issuer}, if it is believed. */
    @Nullable
    TrustedIssuer find(String issuer) {
        return current().get(issuer);
    }

    private Map<String, TrustedIssuer> current() {
        Known held = known;
        return held.revision() == mirror.head().revision() ? held.byIssuer() : reload();
    }

    private synchronized Map<String, TrustedIssuer> reload() {
        // Read before the rows: what is committed meanwhile is read again by the next look.
        long revision = mirror.head().revision();
        Known held = known;
        if (held.revision() == revision) {
            return held.byIssuer();
        }
        Map<String, TrustedIssuer> issuers = new HashMap<>();
        for (AdminIssuerEntity row : QuarkusTransaction.requiringNew().call(catalog::enabled)) {
            issuers.put(
                    row.issuer(),
                    TrustedIssuer.of(row, ring(row, held.byIssuer().get(row.issuer()))));
        }
        known = new Known(revision, Map.copyOf(issuers));
        issuers.values().forEach(issuer -> issuer.keys().refreshIfOld());
        return issuers;
    }

    private IssuerKeyRing ring(AdminIssuerEntity row, @Nullable TrustedIssuer before) {
        String jwksUrl = row.rules().jwksUrl();
        return before != null && before.keys().isOf(row.issuer(), jwksUrl)
                ? before.keys()
                : new IssuerKeyRing(row.issuer(), jwksUrl, fetch, clock);
    }

    /** Keys are there before the first token wants them, and are kept fresh. */
    @Scheduled(every = "30s", delayed = "1s")
    void keepFresh() {
        current().values().forEach(issuer -> issuer.keys().refreshIfOld());
    }
}
