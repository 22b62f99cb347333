package io.tollgate.controlplane.admin;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.tollgate.admin.api.TokensApi;
import io.tollgate.admin.model.IssuedToken;
import io.tollgate.admin.model.Role;
import io.tollgate.admin.model.Token;
import io.tollgate.admin.model.TokenRequest;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.admin.token.AdminTokenEntity;
import io.tollgate.controlplane.admin.token.AdminTokens;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.admin.token.TokenIssuer;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.Ids;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tokens of the admin API over REST. Shared; worker threads only. */
@ApplicationScoped
public class TokensResource implements TokensApi {
    private static final String LISTING = "token";
    private static final String SEPARATOR = "/";

    private final TokenIssuer issuer;
    private final AdminTokens tokens;
    private final Directory directory;
    private final Reads reads;
    private final Caller caller;
    private final Clock clock;

    TokensResource(
            TokenIssuer issuer, AdminTokens tokens, Directory directory, Reads reads, Caller caller, Clock clock) {
        this.issuer = issuer;
        this.tokens = tokens;
        this.directory = directory;
        this.reads = reads;
        this.caller = caller;
        this.clock = clock;
    }

    @Override
    public Response listTokens(Integer limit, String cursor, Boolean active) {
        String after = Cursor.parse(LISTING, cursor);
        AdminTokens.Place place = after.isEmpty() ? null : place(after);
        return reads.whole(() -> Page.of(
                LISTING,
                tokens.page(place, active, limit + 1),
                limit,
                row -> row.createdAt() + SEPARATOR + row.id(),
                page -> page.stream().map(this::model).toList()));
    }

    private static AdminTokens.Place place(String text) {
        String[] parts = text.split(SEPARATOR, -1);
        UUID id = parts.length == 2 ? Ids.parse(parts[1]) : null;
        if (id == null) {
            throw Cursor.invalid();
        }
        try {
            return new AdminTokens.Place(Instant.parse(parts[0]), id);
        } catch (DateTimeParseException e) {
            throw Cursor.invalid();
        }
    }

    @Override
    public Response issueToken(TokenRequest body) {
        if (!issuer.isInUse()) {
            throw ProblemException.of(
                    ProblemType.INVALID_FIELD, "tokens come from the configured issuer; this control plane signs none");
        }
        Instant now = clock.instant();
        OffsetDateTime wanted = body.getExpiresAt();
        Instant expiresAt = wanted == null ? now.plusSeconds(body.getExpiresInSeconds()) : wanted.toInstant();
        Set<UUID> teams = judge(body, now, expiresAt);
        Actor subject = new Actor(
                        body.getSubject(),
                        body.getRoles().stream().map(Role::toString).collect(Collectors.toSet()))
                .limitedTo(teams);
        String name = body.getName() == null ? body.getSubject() : body.getName();
        TokenIssuer.Signed signed = issuer.sign(name, subject, expiresAt, caller.actor());
        Token token = new Token()
                .token(signed.text())
                .id(signed.grant().id())
                .name(name)
                .expiresAt(utc(signed.grant().expiresAt()));
        return Response.status(201)
                .type("application/json")
                .header("Cache-Control", "no-store")
                .header(HttpHeaders.LOCATION, "/v1/tokens/" + signed.grant().id())
                .entity(token)
                .build();
    }

    private @Nullable Set<UUID> judge(TokenRequest body, Instant now, Instant expiresAt) {
        FieldFaults faults = new FieldFaults();
        faults.duplicates("/roles", body.getRoles());
        if (body.getSubject().isBlank()) {
            faults.add("/subject", "blank (expected: who will use the token)");
        }
        if (body.getName() != null && body.getName().isBlank()) {
            faults.add("/name", "blank (expected: what the token is called)");
        }
        Instant latest = now.plus(TokenIssuer.LIFETIME_MAX);
        if (!expiresAt.isAfter(now) || expiresAt.isAfter(latest)) {
            faults.add("/expires_at", expiresAt + " (expected: behind " + now + ", and not behind " + latest + ")");
        }
        Set<UUID> teams = body.getTeams() == null || body.getTeams().isEmpty() ? null : teams(body.getTeams(), faults);
        faults.raise();
        return teams;
    }

    private Set<UUID> teams(List<String> namesOrIds, FieldFaults faults) {
        return QuarkusTransaction.requiringNew().call(() -> {
            Set<UUID> ids = new HashSet<>();
            for (int i = 0; i < namesOrIds.size(); i++) {
                UUID id = directory.reference(ObjectKind.TEAM, namesOrIds.get(i), "/teams/" + i, faults);
                if (id != null) {
                    ids.add(id);
                }
            }
            return ids;
        });
    }

    @Override
    public Response getToken(UUID token) {
        return reads.whole(() -> model(tokens.get(token)));
    }

    @Override
    public Response revokeToken(UUID token) {
        tokens.revoke(token, caller.actor());
        return Response.noContent().build();
    }

    private IssuedToken model(AdminTokenEntity row) {
        return new IssuedToken()
                .id(row.id())
                .name(row.name())
                .subject(row.subject())
                .roles(row.roles())
                .teams(row.teams().isEmpty() ? null : names(row.teams()))
                .active(row.isActive(clock.instant()))
                .createdBy(row.createdBy())
                .createdAt(utc(row.createdAt()))
                .expiresAt(utc(row.expiresAt()))
                .lastUsedAt(utcIfThere(row.lastUsedAt()))
                .revokedAt(utcIfThere(row.revokedAt()))
                .revokedBy(row.revokedBy());
    }

    /** Of one that is gone the id. */
    private List<String> names(List<UUID> teams) {
        return teams.stream()
                .map(id -> directory.name(ObjectKind.TEAM, id))
                .sorted()
                .toList();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable OffsetDateTime utcIfThere(@Nullable Instant time) {
        return time == null ? null : utc(time);
    }
}
