package io.tollgate.controlplane.admin;

import io.tollgate.admin.model.AcmeChallenge;
import io.tollgate.admin.model.AcmeIssuer;
import io.tollgate.admin.model.AdminIssuer;
import io.tollgate.admin.model.Attachment;
import io.tollgate.admin.model.AuthorizationServer;
import io.tollgate.admin.model.Certificate;
import io.tollgate.admin.model.CertificateAcme;
import io.tollgate.admin.model.Consumer;
import io.tollgate.admin.model.ExternalAccount;
import io.tollgate.admin.model.Key;
import io.tollgate.admin.model.KeyBatch;
import io.tollgate.admin.model.KeyImport;
import io.tollgate.admin.model.KeyRotation;
import io.tollgate.admin.model.Listener;
import io.tollgate.admin.model.PathRewrite;
import io.tollgate.admin.model.Plan;
import io.tollgate.admin.model.Policy;
import io.tollgate.admin.model.PolicyType;
import io.tollgate.admin.model.RateLimit;
import io.tollgate.admin.model.RateWindow;
import io.tollgate.admin.model.Route;
import io.tollgate.admin.model.Service;
import io.tollgate.admin.model.SignatureAlgorithm;
import io.tollgate.admin.model.Subscription;
import io.tollgate.admin.model.Team;
import io.tollgate.admin.model.TokenIntrospection;
import io.tollgate.admin.model.TokenIssuer;
import io.tollgate.admin.model.TrustRoot;
import io.tollgate.controlplane.admin.answer.SettingsDocument;
import io.tollgate.controlplane.catalog.acmechallenge.AcmeChallengeDraft;
import io.tollgate.controlplane.catalog.acmeissuer.AcmeIssuerDraft;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerDraft;
import io.tollgate.controlplane.catalog.adminissuer.IssuerRules;
import io.tollgate.controlplane.catalog.certificate.CertificateDraft;
import io.tollgate.controlplane.catalog.consumer.ConsumerDraft;
import io.tollgate.controlplane.catalog.credential.CredentialDraft;
import io.tollgate.controlplane.catalog.credential.KeyOrder;
import io.tollgate.controlplane.catalog.credential.RotationDraft;
import io.tollgate.controlplane.catalog.listener.ListenerDraft;
import io.tollgate.controlplane.catalog.plan.PlanDraft;
import io.tollgate.controlplane.catalog.policy.PolicyConfig;
import io.tollgate.controlplane.catalog.policy.PolicyDraft;
import io.tollgate.controlplane.catalog.policy.PolicyPlace;
import io.tollgate.controlplane.catalog.policy.RateWindowRow;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.route.RouteDraft;
import io.tollgate.controlplane.catalog.route.RoutePath;
import io.tollgate.controlplane.catalog.route.RouteRewrite;
import io.tollgate.controlplane.catalog.service.ServiceDraft;
import io.tollgate.controlplane.catalog.service.ServiceTarget;
import io.tollgate.controlplane.catalog.subscription.SubscriptionDraft;
import io.tollgate.controlplane.catalog.team.TeamDraft;
import io.tollgate.controlplane.catalog.tokenissuer.TokenIssuerDraft;
import io.tollgate.controlplane.catalog.trustroot.TrustRootDraft;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Models of the contract, judged by the body reader, as drafts of the catalog. Immutable. */
final class Drafts {
    private static final Set<String> SERVICE_COLUMNS = Set.of(
            "id",
            "name",
            "enabled",
            "targets",
            "connect_timeout_millis",
            "response_timeout_millis",
            "idle_timeout_millis",
            "preserve_host",
            "path_prefix",
            "tags",
            "created_at",
            "updated_at");
    private static final Set<String> ROUTE_COLUMNS = Set.of(
            "id",
            "name",
            "enabled",
            "service",
            "hosts",
            "paths",
            "methods",
            "rewrite",
            "tags",
            "created_at",
            "updated_at");

    private static final Set<String> LISTENER_COLUMNS =
            Set.of("id", "name", "enabled", "address", "port", "tags", "created_at", "updated_at");

    private static final Set<String> TOKEN_ISSUER_COLUMNS = Set.of(
            "id",
            "name",
            "enabled",
            "issuer",
            "hmac_secret",
            "hmac_secret_changed_at",
            "trust_root",
            "tags",
            "created_at",
            "updated_at");

    private static final Set<String> INTROSPECTION_COLUMNS = Set.of("client_secret", "client_secret_changed_at");

    private Drafts() {}

    static ServiceDraft of(Service model) {
        return new ServiceDraft(
                model.getName(),
                model.getEnabled(),
                model.getTargets().stream()
                        .map(target -> new ServiceTarget(
                                target.getHost(),
                                target.getPort() == null ? 0 : target.getPort(),
                                target.getWeight(),
                                target.getZone(),
                                target.getDiscovery().toString()))
                        .toList(),
                model.getConnectTimeoutMillis(),
                model.getResponseTimeoutMillis(),
                model.getIdleTimeoutMillis(),
                model.getPreserveHost(),
                model.getPathPrefix(),
                SettingsDocument.of(model, SERVICE_COLUMNS),
                model.getTags());
    }

    static CertificateDraft of(Certificate model) {
        return new CertificateDraft(
                model.getName(),
                model.getCertificateChain(),
                model.getPrivateKey(),
                model.getOcspResponse(),
                acme(model.getAcme()),
                model.getTags());
    }

    static AdminIssuerDraft of(AdminIssuer model) {
        List<IssuerRules.RoleRule> roles = model.getRoles().stream()
                .map(rule -> new IssuerRules.RoleRule(
                        rule.getClaim(), rule.getValue(), rule.getRole().toString()))
                .toList();
        IssuerRules rules = new IssuerRules(
                model.getJwksUrl(),
                model.getAudiences(),
                model.getAlgorithms().stream().map(SignatureAlgorithm::toString).toList(),
                model.getClockSkewSeconds(),
                model.getSubjectClaim(),
                roles,
                List.of());
        List<AdminIssuerDraft.TeamWish> teams = model.getTeams().stream()
                .map(rule -> new AdminIssuerDraft.TeamWish(rule.getClaim(), rule.getValue(), rule.getTeam()))
                .toList();
        return new AdminIssuerDraft(
                model.getName(), model.getEnabled(), model.getIssuer(), rules, teams, model.getTags());
    }

    static TeamDraft of(Team model) {
        return new TeamDraft(
                model.getName(),
                model.getDescription(),
                model.getConsumers(),
                model.getServices(),
                model.getRoutes(),
                model.getMemberTags(),
                model.getTags());
    }

    private static CertificateDraft.@Nullable Acme acme(@Nullable CertificateAcme model) {
        return model == null
                ? null
                : new CertificateDraft.Acme(
                        model.getIssuer(),
                        model.getDomains(),
                        model.getKeyType().toString(),
                        model.getChallenge().toString());
    }

    static AcmeChallengeDraft of(AcmeChallenge model) {
        return new AcmeChallengeDraft(
                model.getName(),
                model.getType().toString(),
                model.getToken(),
                model.getDomain(),
                model.getKeyAuthorization(),
                null,
                model.getTags());
    }

    static AcmeIssuerDraft of(AcmeIssuer model) {
        ExternalAccount external = model.getExternalAccount();
        return new AcmeIssuerDraft(
                model.getName(),
                model.getDirectoryUrl(),
                model.getContacts(),
                model.getTermsOfServiceAgreed(),
                external == null
                        ? null
                        : new AcmeIssuerDraft.ExternalAccount(external.getKeyId(), external.getHmacKey()),
                model.getTrustRoots(),
                model.getTags());
    }

    static TrustRootDraft of(TrustRoot model) {
        return new TrustRootDraft(model.getName(), model.getCertificates(), model.getTags());
    }

    static RouteDraft of(Route model) {
        PathRewrite rewrite = model.getRewrite();
        return new RouteDraft(
                model.getName(),
                model.getEnabled(),
                model.getService(),
                model.getHosts(),
                model.getPaths().stream()
                        .map(path -> new RoutePath(path.getType().toString(), path.getValue()))
                        .toList(),
                model.getMethods(),
                rewrite == null ? null : new RouteRewrite(rewrite.getReplacePrefix(), rewrite.getReplaceFull()),
                SettingsDocument.of(model, ROUTE_COLUMNS),
                model.getTags());
    }

    static PlanDraft of(Plan model) {
        return new PlanDraft(
                model.getName(),
                model.getDescription(),
                model.getEnabled(),
                model.getRoutes(),
                model.getServices(),
                model.getAllRoutes(),
                model.getWhenUnmetered().toString(),
                windows(model.getRateLimits()),
                model.getTags());
    }

    static ListenerDraft of(Listener model) {
        return new ListenerDraft(
                model.getName(),
                model.getEnabled(),
                model.getAddress(),
                model.getPort(),
                SettingsDocument.of(model, LISTENER_COLUMNS),
                model.getTags());
    }

    static ConsumerDraft of(Consumer model) {
        return new ConsumerDraft(
                model.getName(), model.getEnabled(), model.getBillingId(), model.getGroups(), model.getTags());
    }

    static CredentialDraft of(Key model) {
        return new CredentialDraft(
                model.getName(),
                model.getEnvironment() == null ? null : model.getEnvironment().toString(),
                instant(model.getExpiresAt()),
                model.getScopes(),
                model.getNetworks());
    }

    static CredentialDraft of(KeyImport model) {
        return new CredentialDraft(
                model.getName(),
                model.getEnvironment() == null ? null : model.getEnvironment().toString(),
                instant(model.getExpiresAt()),
                model.getScopes(),
                model.getNetworks());
    }

    static RotationDraft of(KeyRotation model) {
        return new RotationDraft(Duration.ofSeconds(model.getOverlapSeconds()), instant(model.getExpiresAt()));
    }

    static List<KeyOrder> of(KeyBatch model) {
        return model.getKeys().stream()
                .map(order -> new KeyOrder(order.getConsumer(), of(order.getKey())))
                .toList();
    }

    static TokenIssuerDraft of(TokenIssuer model) {
        Map<String, Object> settings = SettingsDocument.of(model, TOKEN_ISSUER_COLUMNS);
        TokenIntrospection introspection = model.getIntrospection();
        if (introspection != null) {
            settings.put("introspection", SettingsDocument.of(introspection, INTROSPECTION_COLUMNS));
        }
        AuthorizationServer server = model.getAuthorizationServer();
        if (server != null) {
            settings.put("authorization_server", SettingsDocument.of(server, Set.of("signing_keys")));
        }
        return new TokenIssuerDraft(
                model.getName(),
                model.getEnabled(),
                model.getIssuer(),
                model.getHmacSecret(),
                introspection == null ? null : introspection.getClientSecret(),
                model.getTrustRoot(),
                settings,
                model.getTags());
    }

    static SubscriptionDraft of(Subscription model) {
        return new SubscriptionDraft(model.getPlan(), instant(model.getStartsAt()), instant(model.getEndsAt()));
    }

    /** Milliseconds are what nodes get; a finer time would not survive the way. */
    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static List<RateWindowRow> windows(List<RateWindow> models) {
        return models.stream()
                .map(window -> new RateWindowRow(
                        window.getRequests(),
                        window.getWindowSeconds(),
                        window.getBurst() == null ? window.getRequests() : window.getBurst()))
                .toList();
    }

    static PolicyDraft of(Policy model) {
        FieldFaults faults = new FieldFaults();
        PolicyConfig config = config(model, faults);
        List<Attached> attached = attached(model.getAttachment());
        if (attached.size() > 1) {
            faults.add("/attachment", attached.size() + " members (expected: at most one)");
        }
        faults.raise();
        Attached place = attached.isEmpty() ? new Attached(PolicyPlace.Kind.GLOBAL, "") : attached.get(0);
        return new PolicyDraft(
                model.getName(),
                model.getEnabled(),
                Objects.requireNonNull(config),
                place.kind(),
                place.nameOrId(),
                model.getTags());
    }

    private record Attached(PolicyPlace.Kind kind, String nameOrId) {}

    private static List<Attached> attached(@Nullable Attachment attachment) {
        List<Attached> given = new ArrayList<>();
        if (attachment != null) {
            addIfGiven(given, PolicyPlace.Kind.SERVICE, attachment.getService());
            addIfGiven(given, PolicyPlace.Kind.ROUTE, attachment.getRoute());
            addIfGiven(given, PolicyPlace.Kind.PLAN, attachment.getPlan());
            addIfGiven(given, PolicyPlace.Kind.CONSUMER, attachment.getConsumer());
        }
        return given;
    }

    private static void addIfGiven(List<Attached> given, PolicyPlace.Kind kind, @Nullable String nameOrId) {
        if (nameOrId != null) {
            given.add(new Attached(kind, nameOrId));
        }
    }

    /** The configuration member of the policy's type, which must be the only one. */
    private static @Nullable PolicyConfig config(Policy model, FieldFaults faults) {
        Map<String, Object> members = SettingsDocument.of(model, Set.of());
        for (PolicyType type : PolicyType.values()) {
            judgeMember(member(type), type, model, members.get(member(type)), faults);
        }
        if (!faults.isEmpty()) {
            return null;
        }
        if (model.getType() == PolicyType.RATE_LIMIT) {
            RateLimit limit = model.getRateLimit();
            return new PolicyConfig.RateLimit(
                    windows(limit.getWindows()),
                    limit.getBy().stream().map(Object::toString).toList(),
                    limit.getHeaders(),
                    limit.getIpv4PrefixLength(),
                    limit.getIpv6PrefixLength());
        }
        return SettingsDocument.to(
                PolicyConfig.class,
                Map.of("type", model.getType().toString()),
                Objects.requireNonNull(members.get(member(model.getType()))));
    }

    private static String member(PolicyType type) {
        return type.toString().replace('-', '_');
    }

    private static void judgeMember(
            String member, PolicyType type, Policy model, @Nullable Object given, FieldFaults faults) {
        boolean wanted = model.getType() == type;
        if (wanted && given == null) {
            faults.add("/" + member, "absent (expected: what a policy of type " + type + " says)");
        } else if (!wanted && given != null) {
            faults.add("/" + member, "an object (expected: none for a policy of type " + model.getType() + ")");
        }
    }
}
