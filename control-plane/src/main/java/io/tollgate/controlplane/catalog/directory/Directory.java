package io.tollgate.controlplane.catalog.directory;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.Reach;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds objects of any noun by name, id or what they refer to, so that the nouns need not know each other. Shared; worker threads only. */
@ApplicationScoped
public class Directory {
    /** A refusal names so many referrers; more would not help anybody. */
    private static final int REFERRERS_MAX = 10;

    private final EntityManager entities;
    private final Reach reach;

    Directory(EntityManager entities, Reach reach) {
        this.entities = entities;
        this.reach = reach;
    }

    private static String entity(ObjectKind kind) {
        return switch (kind) {
            case CERTIFICATE -> "CertificateEntity";
            case TRUST_ROOT -> "TrustRootEntity";
            case TOKEN_ISSUER -> "TokenIssuerEntity";
            case ACME_CHALLENGE -> "AcmeChallengeEntity";
            case ACME_ISSUER -> "AcmeIssuerEntity";
            case SERVICE -> "ServiceEntity";
            case ROUTE -> "RouteEntity";
            case POLICY -> "PolicyEntity";
            case PLAN -> "PlanEntity";
            case CONSUMER -> "ConsumerEntity";
            case CREDENTIAL -> "CredentialEntity";
            case SUBSCRIPTION -> "SubscriptionEntity";
            case LISTENER -> "ListenerEntity";
            case ADMIN_ISSUER -> "AdminIssuerEntity";
            case TEAM -> "TeamEntity";
            case GATEWAY -> throw new IllegalArgumentException("the gateway has no row of its own");
        };
    }

    /** What people know an object by. */
    private static String label(ObjectKind kind) {
        return kind == ObjectKind.SUBSCRIPTION
                ? "(select c.name from ConsumerEntity c where c.id = e.consumerId) || '/' || cast(e.id as string)"
                : "e.name";
    }

    /** Names of the objects with these ids that the caller sees. */
    public Map<UUID, String> names(ObjectKind kind, Collection<UUID> ids) {
        Map<UUID, String> names = new HashMap<>();
        if (!ids.isEmpty()) {
            for (Object[] row : entities.createQuery(
                            "select id, name from " + entity(kind) + " where id in :ids", Object[].class)
                    .setParameter("ids", ids)
                    .getResultList()) {
                names.put((UUID) row[0], (String) row[1]);
            }
        }
        if (reach.isLimited()) {
            names.keySet().removeIf(id -> !reach.sees(kind, id));
        }
        return names;
    }

    /** Name of one object; its id's text when it is gone. */
    public String name(ObjectKind kind, UUID id) {
        return names(kind, List.of(id)).getOrDefault(id, id.toString());
    }

    /** Id of the object with this name or id, or nothing. */
    public @Nullable UUID idOf(ObjectKind kind, String nameOrId) {
        return idsOf(kind, List.of(nameOrId)).get(nameOrId);
    }

    /** Ids of the objects with these names or ids; what is not there, or not for the caller to see, is left out. */
    public Map<String, UUID> idsOf(ObjectKind kind, Collection<String> namesOrIds) {
        List<UUID> asIds = new ArrayList<>();
        for (String text : namesOrIds) {
            UUID id = Ids.parse(text);
            if (id != null) {
                asIds.add(id);
            }
        }
        Map<String, UUID> found = new HashMap<>();
        for (Object[] row : entities.createQuery(
                        "select id, name from " + entity(kind) + " where name in :names or id in :ids", Object[].class)
                .setParameter("names", namesOrIds)
                .setParameter("ids", asIds)
                .getResultList()) {
            found.put((String) row[1], (UUID) row[0]);
            found.put(row[0].toString(), (UUID) row[0]);
        }
        Map<String, UUID> answers = new HashMap<>();
        for (String text : namesOrIds) {
            UUID asId = Ids.parse(text);
            UUID id = found.get(asId == null ? text : asId.toString());
            if (id != null && reach.sees(kind, id)) {
                answers.put(text, id);
            }
        }
        return answers;
    }

    /** Id of what a field refers to; objects to the field and gives nothing when there is no such thing. */
    public @Nullable UUID reference(ObjectKind kind, String nameOrId, String pointer, FieldFaults faults) {
        UUID id = idOf(kind, nameOrId);
        if (id == null) {
            faults.add(pointer, nameOrId + " (expected: name or id of a " + kind.word() + ")");
        }
        return id;
    }

    /** Whoever meets {@code condition} on {@code :id}, as "route pets" or "subscription acme/id"; at most a handful. */
    public List<String> referrers(ObjectKind kind, String condition, UUID id) {
        return entities
                .createQuery(
                        "select " + label(kind) + " as label from " + entity(kind) + " e where " + condition
                                + " order by label",
                        String.class)
                .setParameter("id", id)
                .setMaxResults(REFERRERS_MAX)
                .getResultList()
                .stream()
                .map(name -> kind.word() + " " + name)
                .toList();
    }

    /** The policies that name this consumer in their rules, but for its own, as "policy office"; at most a handful. */
    public List<String> policiesThatName(UUID consumerId) {
        List<String> policies = new ArrayList<>();
        for (Object name : entities.createNativeQuery(
                        "select name from policy where type = 'access' and (consumer_id is null or consumer_id <> :id)"
                                + " and cast(config as text) like '%' || cast(:id as text) || '%' order by name")
                .setParameter("id", consumerId)
                .setMaxResults(REFERRERS_MAX)
                .getResultList()) {
            policies.add(ObjectKind.POLICY.word() + " " + name);
        }
        return policies;
    }

    /** Every object of {@code kind} that belongs to the consumer. */
    public List<CatalogEntity> ofConsumer(ObjectKind kind, UUID consumerId) {
        return entities.createQuery("from " + entity(kind) + " where consumerId = :id order by id", CatalogEntity.class)
                .setParameter("id", consumerId)
                .getResultList();
    }
}
