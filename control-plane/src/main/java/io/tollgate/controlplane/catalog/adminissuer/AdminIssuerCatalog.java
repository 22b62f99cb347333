package io.tollgate.controlplane.catalog.adminissuer;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Issuers and their rules. Shared; worker threads only. */
@Singleton
public class AdminIssuerCatalog extends NamedCatalog<AdminIssuerEntity, AdminIssuerDraft> {
    /** Keys and what finds them travel over TLS, but for a provider on this very machine. */
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

    private final AdminIssuerRepository rows;
    private final Directory directory;

    AdminIssuerCatalog(AdminIssuerRepository rows, Directory directory) {
        super(ObjectKind.ADMIN_ISSUER, rows);
        this.rows = rows;
        this.directory = directory;
    }

    /** Those whose tokens are believed. */
    public List<AdminIssuerEntity> enabled() {
        return rows.everyEnabled();
    }

    @Override
    protected AdminIssuerEntity blank() {
        return new AdminIssuerEntity();
    }

    @Override
    protected String nameOf(AdminIssuerDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<AdminIssuerEntity> judge(AdminIssuerDraft wanted, AdminIssuerEntity entity, FieldFaults faults) {
        IssuerRules rules = wanted.rules();
        faults.duplicates("/tags", wanted.tags());
        faults.duplicates("/audiences", rules.audiences());
        faults.duplicates("/algorithms", rules.algorithms());
        faults.duplicates("/roles", rules.roles());
        judgeUrl("/issuer", wanted.issuer(), faults);
        if (rules.jwksUrl() != null) {
            judgeUrl("/jwks_url", rules.jwksUrl(), faults);
        }
        IssuerRules resolved = rules.withTeams(teams(wanted, faults));
        return row -> {
            AdminIssuerEntity namesake = rows.byIssuer(wanted.issuer());
            if (namesake != null && !namesake.id().equals(row.id())) {
                throw new CatalogConflict(
                        "the issuer " + wanted.issuer() + " is that of admin-issuer " + namesake.name() + " already");
            }
            row.apply(wanted, resolved);
        };
    }

    private List<IssuerRules.TeamRule> teams(AdminIssuerDraft wanted, FieldFaults faults) {
        faults.duplicates("/teams", wanted.teams());
        List<IssuerRules.TeamRule> rules = new ArrayList<>();
        for (int i = 0; i < wanted.teams().size(); i++) {
            AdminIssuerDraft.TeamWish wish = wanted.teams().get(i);
            UUID team = wish.team().equals(AdminIssuerDraft.EVERYTHING)
                    ? null
                    : directory.reference(ObjectKind.TEAM, wish.team(), "/teams/" + i + "/team", faults);
            rules.add(new IssuerRules.TeamRule(wish.claim(), wish.value(), team));
        }
        return rules;
    }

    private static void judgeUrl(String pointer, String url, FieldFaults faults) {
        if (!isTrustworthy(url)) {
            faults.add(
                    pointer, url + " (expected: an https URL without query and fragment; http at a loopback address)");
        }
    }

    /** Whether what is fetched from there may be believed. */
    public static boolean isTrustworthy(String url) {
        try {
            URI uri = new URI(url);
            boolean plain = uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return plain
                    && ("https".equals(uri.getScheme())
                            || ("http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost())));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Nothing refers to an issuer. */
    @Override
    protected List<String> referrers(AdminIssuerEntity entity) {
        return List.of();
    }
}
