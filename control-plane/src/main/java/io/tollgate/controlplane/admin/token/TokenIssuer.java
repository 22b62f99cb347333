package io.tollgate.controlplane.admin.token;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.tollgate.controlplane.catalog.audit.Actor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Signs tokens of the admin API with the newest key of the own issuer. Shared; worker threads only. */
@ApplicationScoped
public class TokenIssuer {
    /** The {@code iss} of own tokens. */
    static final String ISSUER = "tollgate";

    private final IssuerKeys keys;
    private final IssuerSettings settings;
    private final Clock clock;

    TokenIssuer(IssuerKeys keys, IssuerSettings settings, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether this control plane signs tokens at all. */
    public boolean isInUse() {
        return !settings.isExternal();
    }

    /** A token and when it stops being one. Immutable. */
    public record Signed(String text, Instant expiresAt) {
        /** Leaves the token out: it must not reach a log. */
        @Override
        public String toString() {
            return "Signed[" + expiresAt + "]";
        }
    }

    public Signed sign(Actor subject, Duration lifetime) {
        IssuerKeyEntity key = keys.current().get(0);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plus(lifetime);
        String text = Jwt.issuer(ISSUER)
                .subject(subject.subject())
                .upn(subject.subject())
                .groups(subject.roles())
                .claim("jti", UUID.randomUUID().toString())
                .issuedAt(now)
                .expiresAt(expiresAt)
                .jws()
                .algorithm(SignatureAlgorithm.ES256)
                .keyId(key.id())
                .sign(IssuerKeys.privateKey(key));
        return new Signed(text, expiresAt);
    }
}
