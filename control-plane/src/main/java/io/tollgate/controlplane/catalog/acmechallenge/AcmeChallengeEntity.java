package io.tollgate.controlplane.catalog.acmechallenge;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** An ACME challenge as its row says it. Worker threads only. */
@Entity
@Table(name = "acme_challenge")
public class AcmeChallengeEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private String token;

    @Column(name = "key_authorization", nullable = false)
    private String keyAuthorization;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected AcmeChallengeEntity() {}

    void apply(AcmeChallengeDraft draft) {
        name = draft.name();
        token = draft.token();
        keyAuthorization = draft.keyAuthorization();
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    public String token() {
        return token;
    }

    /** What whoever asks for the token is answered. */
    public String keyAuthorization() {
        return keyAuthorization;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.ACME_CHALLENGE;
    }
}
