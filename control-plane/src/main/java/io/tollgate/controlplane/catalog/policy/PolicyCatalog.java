package io.tollgate.controlplane.catalog.policy;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.ConfigurationRefused;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectFault;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Policies and their rules. Shared; worker threads only. */
@Singleton
public class PolicyCatalog extends NamedCatalog<PolicyEntity, PolicyDraft> {
    private final PolicyRepository rows;
    private final Directory directory;

    PolicyCatalog(PolicyRepository rows, Directory directory) {
        super(ObjectKind.POLICY, rows);
        this.rows = rows;
        this.directory = directory;
    }

    @Override
    protected PolicyEntity blank() {
        return new PolicyEntity();
    }

    @Override
    protected String nameOf(PolicyDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<PolicyEntity> judge(PolicyDraft wanted, PolicyEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        judgeConfig(wanted, faults);
        Set<UUID> issuers = new LinkedHashSet<>();
        PolicyConfig config = resolve(wanted.config(), issuers, faults);
        UUID asked = wanted.config() instanceof PolicyConfig.ForwardAuth auth
                ? directory.reference(ObjectKind.SERVICE, auth.serviceId(), "/forward_auth/service", faults)
                : null;
        UUID attached = attachedId(wanted, faults);
        return row -> {
            PolicyPlace place = new PolicyPlace(wanted.attachment(), attached);
            if (wanted.enabled()) {
                // Last, so that a name that is taken is told as that.
                requireOnlyOne(wanted, row, place);
            }
            row.apply(
                    wanted,
                    asked != null && config instanceof PolicyConfig.ForwardAuth auth
                            ? auth.of(asked.toString())
                            : config,
                    place,
                    new PolicyEntity.Uses(issuers, asked));
        };
    }

    /** With the ids of the issuers that it names. */
    private PolicyConfig.Jwt resolve(PolicyConfig.Jwt jwt, Set<UUID> issuers, FieldFaults faults) {
        for (int i = 0; i < jwt.issuerIds().size(); i++) {
            String name = jwt.issuerIds().get(i);
            UUID id = directory.reference(ObjectKind.TOKEN_ISSUER, name, "/jwt/issuers/" + i, faults);
            if (id != null && !issuers.add(id)) {
                faults.add("/jwt/issuers/" + i, name + " (expected: each once)");
            }
        }
        return jwt.of(issuers.stream().map(UUID::toString).toList());
    }

    private @Nullable UUID attachedId(PolicyDraft wanted, FieldFaults faults) {
        ObjectKind kind = switch (wanted.attachment()) {
            case GLOBAL -> null;
            case SERVICE -> ObjectKind.SERVICE;
            case ROUTE -> ObjectKind.ROUTE;
            case PLAN -> ObjectKind.PLAN;
            case CONSUMER -> ObjectKind.CONSUMER;
        };
        return kind == null
                ? null
                : directory.reference(kind, wanted.attachedName(), "/attachment/" + kind.word(), faults);
    }

    /** What is stored: whatever it names by its id. */
    private PolicyConfig resolve(PolicyConfig wanted, Set<UUID> issuers, FieldFaults faults) {
        if (wanted instanceof PolicyConfig.Jwt jwt) {
            return resolve(jwt, issuers, faults);
        }
        if (wanted instanceof PolicyConfig.CallerIdentity identity) {
            UUID id = directory.reference(
                    ObjectKind.TOKEN_ISSUER, identity.issuerId(), "/caller_identity/issuer", faults);
            if (id == null) {
                return identity;
            }
            issuers.add(id);
            return identity.of(id.toString());
        }
        if (wanted instanceof PolicyConfig.Introspection asked) {
            UUID id = directory.reference(ObjectKind.TOKEN_ISSUER, asked.issuerId(), "/introspection/issuer", faults);
            if (id == null) {
                return asked;
            }
            issuers.add(id);
            return asked.of(id.toString());
        }
        return wanted instanceof AccessConfig access
                ? access.withConsumers((consumer, at) -> {
                    UUID id = directory.reference(ObjectKind.CONSUMER, consumer, at, faults);
                    return id == null ? consumer : id.toString();
                })
                : wanted;
    }

    private static void judgeConfig(PolicyDraft wanted, FieldFaults faults) {
        if (wanted.config() instanceof PolicyConfig.KeyAuth keyAuth) {
            faults.duplicates("/key_auth/header_names", keyAuth.headerNames());
            faults.duplicates("/key_auth/query_parameters", keyAuth.queryParameters());
            faults.duplicates("/key_auth/environments", keyAuth.environments());
            if (wanted.attachment() == PolicyPlace.Kind.PLAN || wanted.attachment() == PolicyPlace.Kind.CONSUMER) {
                // Whose plan or consumer it is would be known only after the key was found.
                faults.add(
                        "/attachment/" + wanted.attachment().word(),
                        wanted.attachedName() + " (expected: none, a service or a route for key-auth)");
            }
        }
        if (wanted.config() instanceof PolicyConfig.RateLimit rateLimit) {
            RateWindowRow.judge("/rate_limit/windows", rateLimit.windows(), faults);
            faults.duplicates("/rate_limit/by", rateLimit.by());
            faults.duplicates("/rate_limit/headers", rateLimit.headers());
        }
        if (wanted.config() instanceof AccessConfig access) {
            access.judge(faults);
        }
        if (wanted.config() instanceof PolicyConfig.ProtectedResource resource) {
            faults.duplicates("/protected_resource/authorization_servers", resource.authorizationServers());
            faults.duplicates("/protected_resource/scopes", resource.scopes());
        }
        if (wanted.config() instanceof PolicyConfig.Cors cors) {
            faults.duplicates("/cors/origins", cors.origins());
            faults.duplicates("/cors/methods", cors.methods());
            faults.duplicates("/cors/headers", cors.headers());
            faults.duplicates("/cors/exposed_headers", cors.exposedHeaders());
        }
        if (wanted.config() instanceof PolicyConfig.ForwardAuth auth) {
            faults.duplicates("/forward_auth/request_headers", auth.requestHeaders());
            faults.duplicates("/forward_auth/upstream_headers", auth.upstreamHeaders());
            faults.duplicates("/forward_auth/client_headers", auth.clientHeaders());
        }
        if (wanted.config() instanceof PolicyConfig.ClientFilter filter) {
            faults.duplicates("/client_filter/allowed_methods", filter.allowedMethods());
            faults.duplicates("/client_filter/denied_methods", filter.deniedMethods());
            faults.duplicates("/client_filter/allowed_user_agents", filter.allowedUserAgents());
            faults.duplicates("/client_filter/denied_user_agents", filter.deniedUserAgents());
        }
        if (wanted.config() instanceof PolicyConfig.Compression compression) {
            faults.duplicates("/compression/encodings", compression.encodings());
            faults.duplicates("/compression/content_types", compression.contentTypes());
        }
    }

    /** "The most specific one wins" must have one answer. Said in the compiler's words: the database's own rule would end the write before it. */
    private void requireOnlyOne(PolicyDraft wanted, PolicyEntity entity, PolicyPlace place) {
        for (PolicyEntity other :
                rows.list("type = ?1 and enabled = true", wanted.config().type())) {
            if (!other.id().equals(entity.id()) && other.place().equals(place)) {
                throw new ConfigurationRefused(List.of(new ObjectFault(
                        kind().word(),
                        entity.id().toString(),
                        wanted.name(),
                        "/attachment",
                        "a second " + wanted.config().type() + " beside policy " + other.name()
                                + " (expected: one enabled policy of a type in one place)")));
            }
        }
    }

    /** Nothing refers to a policy: it refers to others. */
    @Override
    protected List<String> referrers(PolicyEntity entity) {
        return List.of();
    }
}
