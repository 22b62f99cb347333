package io.tollgate.controlplane.catalog.policy;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.ObjectRef;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A policy as its row says it. Worker threads only. */
@Entity
@Table(name = "policy")
public class PolicyEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private String type;

    @Column(nullable = false)
    private boolean enabled;

    @Column(name = "attachment_kind", nullable = false)
    private String attachmentKind;

    @Column(name = "service_id")
    private @Nullable UUID serviceId;

    @Column(name = "route_id")
    private @Nullable UUID routeId;

    @Column(name = "plan_id")
    private @Nullable UUID planId;

    @Column(name = "consumer_id")
    private @Nullable UUID consumerId;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private PolicyConfig config;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    @ElementCollection
    @CollectionTable(name = "policy_uses_token_issuer", joinColumns = @JoinColumn(name = "policy_id"))
    @Column(name = "token_issuer_id", nullable = false)
    private Set<UUID> tokenIssuerIds = new HashSet<>();

    @Column(name = "asked_service_id")
    private @Nullable UUID askedServiceId;

    protected PolicyEntity() {}

    /**
     * What a policy cannot do without, beside where it is attached. Immutable.
     *
     * @param issuers every token issuer that it names
     * @param askedService the service that it asks
     */
    record Uses(Set<UUID> issuers, @Nullable UUID askedService) {}

    /** @param resolved what it says, with ids where the draft has names */
    void apply(PolicyDraft draft, PolicyConfig resolved, PolicyPlace place, Uses uses) {
        name = draft.name();
        type = draft.config().type();
        enabled = draft.enabled();
        config = resolved;
        tags = List.copyOf(draft.tags());
        // Difference only: rows that stay are not deleted and inserted again.
        tokenIssuerIds.retainAll(uses.issuers());
        tokenIssuerIds.addAll(uses.issuers());
        askedServiceId = uses.askedService();
        attachmentKind = place.kind().word();
        serviceId = place.idIf(PolicyPlace.Kind.SERVICE);
        routeId = place.idIf(PolicyPlace.Kind.ROUTE);
        planId = place.idIf(PolicyPlace.Kind.PLAN);
        consumerId = place.idIf(PolicyPlace.Kind.CONSUMER);
    }

    @Override
    public String name() {
        return name;
    }

    public boolean enabled() {
        return enabled;
    }

    public PolicyConfig config() {
        return config;
    }

    /** Every token issuer that it names. */
    public Set<UUID> tokenIssuerIds() {
        return tokenIssuerIds;
    }

    /** The service that it asks; null when it asks none. */
    public @Nullable UUID askedServiceId() {
        return askedServiceId;
    }

    public List<String> tags() {
        return tags;
    }

    /** Where it applies. */
    public PolicyPlace place() {
        PolicyPlace.Kind kind = PolicyPlace.Kind.ofWord(attachmentKind);
        return new PolicyPlace(
                kind,
                switch (kind) {
                    case GLOBAL -> null;
                    case SERVICE -> serviceId;
                    case ROUTE -> routeId;
                    case PLAN -> planId;
                    case CONSUMER -> consumerId;
                });
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.POLICY;
    }

    @Override
    public @Nullable ObjectRef owner() {
        PolicyPlace place = place();
        return switch (place.kind()) {
            case SERVICE, ROUTE, CONSUMER ->
                new ObjectRef(ObjectKind.ofWord(place.kind().word()), Objects.requireNonNull(place.id()));
            case GLOBAL, PLAN -> null;
        };
    }
}
