package io.tollgate.controlplane.catalog.adminissuer;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** An issuer as its row says it. Worker threads only. */
@Entity
@Table(name = "admin_issuer")
public class AdminIssuerEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private boolean enabled;

    @Column(nullable = false)
    private String issuer;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private IssuerRules rules;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected AdminIssuerEntity() {}

    void apply(AdminIssuerDraft draft, IssuerRules resolved) {
        name = draft.name();
        enabled = draft.enabled();
        issuer = draft.issuer();
        rules = resolved;
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    public boolean enabled() {
        return enabled;
    }

    /** The {@code iss} of its tokens. */
    public String issuer() {
        return issuer;
    }

    public IssuerRules rules() {
        return rules;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.ADMIN_ISSUER;
    }
}
