package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.TokensApi;
import io.tollgate.admin.model.Role;
import io.tollgate.admin.model.Token;
import io.tollgate.admin.model.TokenRequest;
import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.admin.token.TokenIssuer;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.AuditLog;
import io.tollgate.controlplane.catalog.audit.Deed;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Collectors;

/** Tokens of the admin API over REST. Shared; worker threads only. */
@ApplicationScoped
public class TokensResource implements TokensApi {
    private final TokenIssuer issuer;
    private final AuditLog audit;
    private final Caller caller;

    TokensResource(TokenIssuer issuer, AuditLog audit, Caller caller) {
        this.issuer = issuer;
        this.audit = audit;
        this.caller = caller;
    }

    @Override
    public Response issueToken(TokenRequest body) {
        if (!issuer.isInUse()) {
            throw ProblemException.of(
                    ProblemType.INVALID_FIELD, "tokens come from the configured issuer; this control plane signs none");
        }
        FieldFaults faults = new FieldFaults();
        faults.duplicates("/roles", body.getRoles());
        if (body.getSubject().isBlank()) {
            faults.add("/subject", "blank (expected: who will use the token)");
        }
        faults.raise();
        Actor subject = new Actor(
                body.getSubject(), body.getRoles().stream().map(Role::toString).collect(Collectors.toSet()));
        TokenIssuer.Signed signed = issuer.sign(subject, Duration.ofSeconds(body.getExpiresInSeconds()));
        // Whoever can sign tokens can become anybody: that it was done must be on record before the token is out.
        audit.issued(
                caller.actor(),
                new Deed(
                        "issue",
                        "token",
                        null,
                        subject.subject(),
                        null,
                        Map.of(
                                "roles", subject.rolesText(),
                                "expires_at", signed.expiresAt().toString())));
        Token token =
                new Token().token(signed.text()).expiresAt(signed.expiresAt().atOffset(ZoneOffset.UTC));
        return Response.status(201)
                .type("application/json")
                .header("Cache-Control", "no-store")
                .entity(token)
                .build();
    }
}
