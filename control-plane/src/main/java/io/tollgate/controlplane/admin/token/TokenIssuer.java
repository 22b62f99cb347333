package io.tollgate.controlplane.admin.token;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.tollgate.controlplane.catalog.audit.Actor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

/** Signs tokens of the admin API with the newest key of the own issuer, and lists them. Shared; worker threads only. */
@ApplicationScoped
public class TokenIssuer {
    /** The {@code iss} of own tokens. */
    public static final String ISSUER = "tollgate";

    /** The claim that lists the ids of its teams. */
    static final String TEAMS = "teams";

    /** Longest life of a token: whoever leaves one behind is rid of it after a year. */
    public static final Duration LIFETIME_MAX = Duration.ofDays(365);

    private final IssuerKeys keys;
    private final IssuerSettings settings;
    private final AdminTokens tokens;
    private final Clock clock;

    TokenIssuer(IssuerKeys keys, IssuerSettings settings, AdminTokens tokens, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Whether this control plane signs tokens at all. */
    public boolean isInUse() {
        return !settings.isExternal();
    }

    /** A token and what it says. Immutable. */
    public record Signed(String text, TokenGrant grant) {
        /** Leaves the token out: it must not reach a log. */
        @Override
        public String toString() {
            return "Signed[" + grant + "]";
        }
    }

    /** Signs a token for {@code subject}, who gets its roles. */
    public Signed sign(String name, Actor subject, Instant expiresAt, Actor by) {
        IssuerKeyEntity key = keys.current().get(0);
        TokenGrant grant = new TokenGrant(
                UUID.randomUUID(),
                name,
                subject.subject(),
                subject.roles(),
                subject.teams() == null ? Set.of() : subject.teams(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                expiresAt.truncatedTo(ChronoUnit.SECONDS));
        tokens.issued(grant, by);
        String text = Jwt.issuer(ISSUER)
                .subject(grant.subject())
                .upn(grant.subject())
                .groups(grant.roles())
                .claim("jti", grant.id().toString())
                // In the token too: should its row be lost, it must not reach further than before.
                .claim(TEAMS, grant.teams().stream().map(UUID::toString).toList())
                .issuedAt(grant.issuedAt())
                .expiresAt(grant.expiresAt())
                .jws()
                .algorithm(SignatureAlgorithm.ES256)
                .keyId(key.id().toString())
                .sign(keys.privateKey(key));
        return new Signed(text, grant);
    }
}
