package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.Attachment;
import io.tollgate.admin.model.Consumer;
import io.tollgate.admin.model.Discovery;
import io.tollgate.admin.model.Key;
import io.tollgate.admin.model.KeyEnvironment;
import io.tollgate.admin.model.Listener;
import io.tollgate.admin.model.PathMatch;
import io.tollgate.admin.model.PathMatchType;
import io.tollgate.admin.model.PathRewrite;
import io.tollgate.admin.model.Plan;
import io.tollgate.admin.model.Policy;
import io.tollgate.admin.model.PolicyType;
import io.tollgate.admin.model.RateWindow;
import io.tollgate.admin.model.Route;
import io.tollgate.admin.model.Service;
import io.tollgate.admin.model.Subscription;
import io.tollgate.admin.model.Target;
import io.tollgate.admin.model.WhenUnmetered;
import io.tollgate.controlplane.catalog.acmechallenge.AcmeChallengeEntity;
import io.tollgate.controlplane.catalog.acmeissuer.AcmeIssuerEntity;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerEntity;
import io.tollgate.controlplane.catalog.certificate.CertificateEntity;
import io.tollgate.controlplane.catalog.consumer.ConsumerEntity;
import io.tollgate.controlplane.catalog.credential.CredentialEntity;
import io.tollgate.controlplane.catalog.listener.ListenerEntity;
import io.tollgate.controlplane.catalog.listener.ListenerSettings;
import io.tollgate.controlplane.catalog.plan.PlanEntity;
import io.tollgate.controlplane.catalog.policy.AccessConfig;
import io.tollgate.controlplane.catalog.policy.PolicyEntity;
import io.tollgate.controlplane.catalog.policy.PolicyPlace;
import io.tollgate.controlplane.catalog.policy.RateWindowRow;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.route.RouteEntity;
import io.tollgate.controlplane.catalog.route.RouteRewrite;
import io.tollgate.controlplane.catalog.route.RouteSettings;
import io.tollgate.controlplane.catalog.service.ServiceEntity;
import io.tollgate.controlplane.catalog.service.ServiceSettings;
import io.tollgate.controlplane.catalog.subscription.SubscriptionEntity;
import io.tollgate.controlplane.catalog.team.TeamEntity;
import io.tollgate.controlplane.catalog.tokenissuer.TokenIssuerEntity;
import io.tollgate.controlplane.catalog.trustroot.TrustRootEntity;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of the catalog as models of the contract. References are shown as names. Immutable. */
final class Models {
    private Models() {}

    static Object of(CatalogEntity entity, Names names) {
        if (entity instanceof ServiceEntity service) {
            return of(service, names);
        }
        if (entity instanceof CertificateEntity certificate) {
            return CertificateModels.of(certificate, names);
        }
        if (entity instanceof AcmeChallengeEntity challenge) {
            return AcmeModels.of(challenge);
        }
        if (entity instanceof AcmeIssuerEntity issuer) {
            return AcmeModels.of(issuer, names);
        }
        if (entity instanceof AdminIssuerEntity issuer) {
            return AccessModels.of(issuer, names);
        }
        if (entity instanceof TeamEntity team) {
            return AccessModels.of(team, names);
        }
        if (entity instanceof TrustRootEntity root) {
            return CertificateModels.of(root);
        }
        if (entity instanceof TokenIssuerEntity issuer) {
            return TokenModels.of(issuer, names);
        }
        if (entity instanceof RouteEntity route) {
            return of(route, names);
        }
        if (entity instanceof PlanEntity plan) {
            return of(plan, names);
        }
        if (entity instanceof ConsumerEntity consumer) {
            return of(consumer);
        }
        if (entity instanceof CredentialEntity credential) {
            return credential.isKey() ? of(credential) : BindingModels.of(credential, names);
        }
        if (entity instanceof SubscriptionEntity subscription) {
            return of(subscription, names);
        }
        if (entity instanceof PolicyEntity policy) {
            return of(policy, names);
        }
        if (entity instanceof ListenerEntity listener) {
            return of(listener, names);
        }
        throw new IllegalArgumentException("no model for " + entity.getClass());
    }

    /** Reads the names that a whole page will need at once. */
    static void load(List<? extends CatalogEntity> page, Names names) {
        Set<UUID> services = new HashSet<>();
        Set<UUID> routes = new HashSet<>();
        Set<UUID> plans = new HashSet<>();
        Set<UUID> trustRoots = new HashSet<>();
        Set<UUID> certificates = new HashSet<>();
        Set<UUID> issuers = new HashSet<>();
        Set<UUID> tokenIssuers = new HashSet<>();
        for (CatalogEntity entity : page) {
            if (entity instanceof ServiceEntity service) {
                addPresent(trustRoots, service.trustRootId());
                addPresent(certificates, service.clientCertificateId());
            } else if (entity instanceof CertificateEntity certificate) {
                CertificateEntity.Acme acme = certificate.acme();
                addPresent(issuers, acme == null ? null : acme.issuerId());
            } else if (entity instanceof AcmeIssuerEntity issuer) {
                trustRoots.addAll(issuer.trustRootIds());
            } else if (entity instanceof RouteEntity route) {
                services.addAll(route.serviceIds());
            } else if (entity instanceof PlanEntity plan) {
                routes.addAll(plan.routeIds());
                services.addAll(plan.serviceIds());
            } else if (entity instanceof ListenerEntity listener) {
                certificates.addAll(listener.certificateIds());
                trustRoots.addAll(listener.trustRootIds());
            } else if (entity instanceof PolicyEntity policy) {
                tokenIssuers.addAll(policy.tokenIssuerIds());
            } else if (entity instanceof TokenIssuerEntity issuer) {
                addPresent(trustRoots, issuer.trustRootId());
                addPresent(plans, issuer.newConsumerPlanId());
            } else if (entity instanceof CredentialEntity credential) {
                addPresent(tokenIssuers, credential.tokenIssuerId());
            } else if (entity instanceof SubscriptionEntity subscription) {
                plans.add(subscription.planId());
            }
        }
        names.load(ObjectKind.SERVICE, services);
        names.load(ObjectKind.ROUTE, routes);
        names.load(ObjectKind.PLAN, plans);
        names.load(ObjectKind.TRUST_ROOT, trustRoots);
        names.load(ObjectKind.CERTIFICATE, certificates);
        names.load(ObjectKind.ACME_ISSUER, issuers);
        names.load(ObjectKind.TOKEN_ISSUER, tokenIssuers);
    }

    private static void addPresent(Set<UUID> to, @Nullable UUID id) {
        if (id != null) {
            to.add(id);
        }
    }

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Service of(ServiceEntity row, Names names) {
        return SettingsDocument.into(new Service(), ServiceSettings.named(row.settings(), names::of))
                .id(row.id())
                .name(row.name())
                .enabled(row.enabled())
                .targets(row.targets().stream()
                        .map(target -> new Target()
                                .host(target.host())
                                .port(target.port() == 0 ? null : target.port())
                                .weight(target.weight())
                                .zone(target.zone())
                                .discovery(Discovery.fromValue(target.discovery())))
                        .toList())
                .connectTimeoutMillis(row.connectTimeoutMillis())
                .responseTimeoutMillis(row.responseTimeoutMillis())
                .idleTimeoutMillis(row.idleTimeoutMillis())
                .preserveHost(row.preserveHost())
                .pathPrefix(row.pathPrefix())
                .tags(row.tags())
                .createdAt(time(row.createdAt()))
                .updatedAt(time(row.updatedAt()));
    }

    private static Route of(RouteEntity row, Names names) {
        RouteRewrite rewrite = row.rewrite();
        UUID service = row.serviceId();
        Map<String, Object> settings = RouteSettings.named(row.settings(), id -> names.of(ObjectKind.SERVICE, id));
        return SettingsDocument.into(new Route(), settings)
                .id(row.id())
                .name(row.name())
                .enabled(row.enabled())
                .service(service == null ? null : names.of(ObjectKind.SERVICE, service))
                .hosts(row.hosts())
                .paths(row.paths().stream()
                        .map(path -> new PathMatch()
                                .type(PathMatchType.fromValue(path.type()))
                                .value(path.value()))
                        .toList())
                .methods(row.methods())
                .rewrite(
                        rewrite == null
                                ? null
                                : new PathRewrite()
                                        .replacePrefix(rewrite.replacePrefix())
                                        .replaceFull(rewrite.replaceFull()))
                .tags(row.tags())
                .createdAt(time(row.createdAt()))
                .updatedAt(time(row.updatedAt()));
    }

    private static Plan of(PlanEntity row, Names names) {
        return new Plan()
                .id(row.id())
                .name(row.name())
                .description(row.description())
                .enabled(row.enabled())
                .routes(names.seen(ObjectKind.ROUTE, row.routeIds()))
                .services(names.seen(ObjectKind.SERVICE, row.serviceIds()))
                .allRoutes(row.allRoutes())
                .whenUnmetered(WhenUnmetered.fromValue(row.whenUnmetered()))
                .rateLimits(windows(row.rateLimits()))
                .tags(row.tags())
                .createdAt(time(row.createdAt()))
                .updatedAt(time(row.updatedAt()));
    }

    static List<String> sorted(ObjectKind kind, Set<UUID> ids, Names names) {
        names.load(kind, ids);
        return ids.stream().map(id -> names.of(kind, id)).sorted().toList();
    }

    private static List<RateWindow> windows(List<RateWindowRow> rows) {
        List<RateWindow> windows = new ArrayList<>();
        for (RateWindowRow row : rows) {
            windows.add(new RateWindow()
                    .requests(row.requests())
                    .windowSeconds(row.windowSeconds())
                    .burst(row.burst()));
        }
        return windows;
    }

    private static Listener of(ListenerEntity row, Names names) {
        return SettingsDocument.into(new Listener(), ListenerSettings.named(row.settings(), names::of))
                .id(row.id())
                .name(row.name())
                .enabled(row.enabled())
                .address(row.address())
                .port(row.port())
                .tags(row.tags())
                .createdAt(time(row.createdAt()))
                .updatedAt(time(row.updatedAt()));
    }

    private static Consumer of(ConsumerEntity row) {
        return new Consumer()
                .id(row.id())
                .name(row.name())
                .enabled(row.enabled())
                .billingId(row.billingId())
                .groups(row.groups())
                .tags(row.tags())
                .createdAt(time(row.createdAt()))
                .updatedAt(time(row.updatedAt()));
    }

    /** Without the secret: the row does not know it. */
    static Key of(CredentialEntity row) {
        return new Key()
                .id(row.id())
                .name(row.name())
                .environment(KeyEnvironment.fromValue(row.environment()))
                .expiresAt(time(row.expiresAt()))
                .scopes(row.scopes())
                .networks(row.networks())
                .prefix(row.prefix().isEmpty() ? null : row.prefix())
                .imported(row.imported() ? true : null)
                .replaces(row.replaces())
                .replacedBy(row.replacedBy())
                .deprecatedAt(time(row.deprecatedAt()))
                .revokedAt(time(row.revokedAt()))
                .createdAt(time(row.createdAt()))
                .updatedAt(time(row.updatedAt()));
    }

    private static Subscription of(SubscriptionEntity row, Names names) {
        return new Subscription()
                .id(row.id())
                .plan(names.of(ObjectKind.PLAN, row.planId()))
                .startsAt(time(row.startsAt()))
                .endsAt(time(row.endsAt()))
                .createdAt(time(row.createdAt()))
                .updatedAt(time(row.updatedAt()));
    }

    private static Policy of(PolicyEntity row, Names names) {
        // The document of a type is the member of the same name.
        Map<String, Object> config = SettingsDocument.of(
                row.config() instanceof AccessConfig access
                        ? access.withConsumers((id, at) -> names.of(ObjectKind.CONSUMER, UUID.fromString(id)))
                        : row.config(),
                Set.of("type"));
        if (config.remove("issuer_id") instanceof String id) {
            config.put("issuer", names.of(ObjectKind.TOKEN_ISSUER, UUID.fromString(id)));
        }
        if (config.remove("issuer_ids") instanceof List<?> ids) {
            config.put(
                    "issuers",
                    ids.stream()
                            .map(id -> names.of(ObjectKind.TOKEN_ISSUER, UUID.fromString(String.valueOf(id))))
                            .toList());
        }
        if (config.remove("service_id") instanceof String id) {
            config.put("service", names.of(ObjectKind.SERVICE, UUID.fromString(id)));
        }
        return SettingsDocument.into(new Policy(), Map.of(row.config().type().replace('-', '_'), config))
                .id(row.id())
                .name(row.name())
                .type(PolicyType.fromValue(row.config().type()))
                .enabled(row.enabled())
                .attachment(attachment(row.place(), names))
                .tags(row.tags())
                .createdAt(time(row.createdAt()))
                .updatedAt(time(row.updatedAt()));
    }

    private static Attachment attachment(PolicyPlace place, Names names) {
        Attachment attachment = new Attachment();
        UUID id = place.id();
        if (id == null) {
            return attachment;
        }
        return switch (place.kind()) {
            case GLOBAL -> attachment;
            case SERVICE -> attachment.service(names.of(ObjectKind.SERVICE, id));
            case ROUTE -> attachment.route(names.of(ObjectKind.ROUTE, id));
            case PLAN -> attachment.plan(names.of(ObjectKind.PLAN, id));
            case CONSUMER -> attachment.consumer(names.of(ObjectKind.CONSUMER, id));
        };
    }
}
