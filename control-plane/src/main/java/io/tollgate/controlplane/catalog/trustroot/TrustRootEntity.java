package io.tollgate.controlplane.catalog.trustroot;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.engine.tls.TlsFault;
import io.tollgate.engine.tls.TrustRoot;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.security.cert.X509Certificate;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A trust root as its row says it. Worker threads only. */
@Entity
@Table(name = "trust_root")
public class TrustRootEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private String certificates = "";

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected TrustRootEntity() {}

    void apply(TrustRootDraft draft) {
        name = draft.name();
        certificates = draft.certificates();
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    /** PEM; empty before the row is first written. */
    public String certificates() {
        return certificates;
    }

    /** The same, parsed. */
    public List<X509Certificate> authorities() {
        try {
            return TrustRoot.parse(certificates);
        } catch (TlsFault e) {
            throw new IllegalStateException("trust root " + id() + " was checked before it was stored", e);
        }
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.TRUST_ROOT;
    }
}
