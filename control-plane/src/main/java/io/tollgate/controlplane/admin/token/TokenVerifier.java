package io.tollgate.controlplane.admin.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import io.tollgate.controlplane.admin.issuer.ClaimPath;
import io.tollgate.controlplane.admin.issuer.ForeignTokens;
import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.directory.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Tells who calls from the bearer token, or ends the request with 401. Tokens that name an issuer of the catalog are that one's; others are
 * own ones, verified with the keys in the database, which are read again when a token names one that is not known yet; where the
 * environment names an external issuer they are that one's instead. Shared; worker threads.
 */
@ApplicationScoped
public class TokenVerifier {
    /** How often tokens with unknown keys may make the keys be read again: a flood of them must not reach the database. */
    private static final long RELOAD_MILLIS_MIN = 1_000;

    /** Clocks of control planes that sign and verify may differ by this much. */
    private static final int CLOCK_SKEW_SECONDS = 5;

    private static final String SCHEME = "Bearer ";
    private static final String CHALLENGE = "Bearer realm=\"tollgate\"";

    private final IssuerKeys keys;
    private final AdminTokens tokens;
    private final ForeignTokens foreign;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final @Nullable JWTParser external;
    private final ClaimPath rolesClaim;

    private volatile Map<String, OwnKey> ownByKeyId = Map.of();
    private volatile long reloadedAtMillis = Long.MIN_VALUE;

    /** Verifies tokens, until it is retired. Immutable. */
    private record OwnKey(JWTParser parser, @Nullable Instant retiredAt) {
        boolean isRetired(Instant now) {
            return retiredAt != null && !now.isBefore(retiredAt);
        }
    }

    TokenVerifier(
            IssuerKeys keys,
            AdminTokens tokens,
            ForeignTokens foreign,
            IssuerSettings settings,
            ObjectMapper mapper,
            Clock clock) {
        this.keys = keys;
        this.tokens = tokens;
        this.foreign = foreign;
        this.mapper = mapper;
        this.clock = clock;
        this.external = settings.isExternal() ? external(settings) : null;
        this.rolesClaim = ClaimPath.parse(settings.rolesClaim());
    }

    private static JWTParser external(IssuerSettings settings) {
        JWTAuthContextInfo rules = new JWTAuthContextInfo(settings.jwksUrl(), settings.externalIssuer());
        rules.setSignatureAlgorithm(Set.of(
                SignatureAlgorithm.RS256,
                SignatureAlgorithm.RS384,
                SignatureAlgorithm.RS512,
                SignatureAlgorithm.PS256,
                SignatureAlgorithm.ES256,
                SignatureAlgorithm.ES384,
                SignatureAlgorithm.EDDSA));
        rules.setRequireNamedPrincipal(false);
        rules.setClockSkew(CLOCK_SKEW_SECONDS);
        return new DefaultJWTParser(rules);
    }

    /** The caller that {@code authorization} proves. */
    public Actor verify(@Nullable String authorization) {
        if (authorization == null) {
            throw ProblemException.of(
                            ProblemType.UNAUTHORIZED, "there is no token (expected: Authorization: Bearer ...)")
                    .header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        }
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw invalid("Authorization is of another scheme (expected: Bearer)");
        }
        String token = authorization.substring(SCHEME.length()).strip();
        Actor foreigner = foreigner(token);
        if (foreigner != null) {
            return foreigner;
        }
        JWTParser parser = external != null ? external : own(keyId(token));
        JsonWebToken verified;
        try {
            verified = parser.parse(token);
        } catch (ParseException e) {
            throw invalid("the token is not valid, or not any more");
        }
        return external != null ? configured(verified) : listed(verified);
    }

    /** Whoever shows a token of one of the catalog's issuers; nothing when it says that it is of none of them. */
    private @Nullable Actor foreigner(String token) {
        String issuer = part(token, 1).path("iss").asText();
        try {
            return issuer.isEmpty() || issuer.equals(TokenIssuer.ISSUER) ? null : foreign.verify(issuer, token);
        } catch (ForeignTokens.Invalid e) {
            throw invalid(e.why());
        }
    }

    private Actor configured(JsonWebToken token) {
        return new Actor(subject(token), rolesClaim.texts(claims(token)))
                .provedBy(new Actor.Proof(token.getIssuer(), token.getTokenID()));
    }

    /** Of an own token its row has the last word. */
    private Actor listed(JsonWebToken token) {
        AdminTokenEntity row = tokens.used(grant(token));
        if (!row.isActive(clock.instant().minusSeconds(CLOCK_SKEW_SECONDS))) {
            throw invalid("the token " + row.id() + " has been revoked, or has expired");
        }
        return new Actor(row.subject(), Set.copyOf(row.roles()))
                .limitedTo(row.teams().isEmpty() ? null : Set.copyOf(row.teams()))
                .provedBy(new Actor.Proof(TokenIssuer.ISSUER, row.id().toString()));
    }

    private TokenGrant grant(JsonWebToken token) {
        UUID id = token.getTokenID() == null ? null : Ids.parse(token.getTokenID());
        if (id == null) {
            throw invalid("the token has no id");
        }
        String subject = subject(token);
        Set<String> roles = token.getGroups();
        return new TokenGrant(
                id,
                subject,
                subject,
                roles == null ? Set.of() : roles,
                teams(token),
                Instant.ofEpochSecond(token.getIssuedAtTime()),
                Instant.ofEpochSecond(token.getExpirationTime()));
    }

    private Set<UUID> teams(JsonWebToken token) {
        Set<UUID> teams = new HashSet<>();
        for (JsonNode id : claims(token).path(TokenIssuer.TEAMS)) {
            teams.add(UUID.fromString(id.textValue()));
        }
        return teams;
    }

    private static String subject(JsonWebToken token) {
        String subject = token.getSubject();
        if (subject == null || subject.isBlank()) {
            throw invalid("the token names no subject");
        }
        return subject;
    }

    /** Of a token that has been verified. */
    private JsonNode claims(JsonWebToken token) {
        try {
            return mapper.readTree(
                    Base64.getUrlDecoder().decode(token.getRawToken().split("\\.", -1)[1]));
        } catch (IOException e) {
            throw new IllegalStateException("a verified token whose claims are no JSON", e);
        }
    }

    private @Nullable String keyId(String token) {
        return part(token, 0).path("kid").textValue();
    }

    /** Head or claims as they stand there, nothing of it verified; a missing node when it is no JSON. */
    private JsonNode part(String token, int index) {
        String[] parts = token.split("\\.", 4);
        if (parts.length != 3) {
            return MissingNode.getInstance();
        }
        try {
            return mapper.readTree(Base64.getUrlDecoder().decode(parts[index]));
        } catch (IOException | IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    private JWTParser own(@Nullable String keyId) {
        if (keyId == null) {
            throw invalid("the token is no JWT of this issuer");
        }
        OwnKey known = ownByKeyId.get(keyId);
        if (known == null) {
            reload();
            known = ownByKeyId.get(keyId);
        }
        if (known == null || known.isRetired(clock.instant())) {
            throw invalid("the token was signed with a key that is not known here");
        }
        return known.parser();
    }

    private synchronized void reload() {
        long now = clock.millis();
        if (reloadedAtMillis != Long.MIN_VALUE && now - reloadedAtMillis < RELOAD_MILLIS_MIN) {
            return;
        }
        Map<String, OwnKey> parsers = new HashMap<>();
        for (IssuerKeyEntity key : keys.current()) {
            JWTAuthContextInfo rules = new JWTAuthContextInfo(IssuerKeys.publicKey(key), TokenIssuer.ISSUER);
            rules.setSignatureAlgorithm(Set.of(SignatureAlgorithm.ES256));
            rules.setClockSkew(CLOCK_SKEW_SECONDS);
            parsers.put(key.id().toString(), new OwnKey(new DefaultJWTParser(rules), key.retiredAt()));
        }
        ownByKeyId = Map.copyOf(parsers);
        reloadedAtMillis = now;
    }

    private static ProblemException invalid(String detail) {
        return ProblemException.of(ProblemType.UNAUTHORIZED, detail)
                .header(
                        HttpHeaders.WWW_AUTHENTICATE,
                        CHALLENGE + ", error=\"invalid_token\", error_description=\"" + detail + "\"");
    }
}
