package io.tollgate.engine.compile;

import io.tollgate.engine.token.ClaimPath;
import io.tollgate.engine.token.IssuerPlace;
import io.tollgate.engine.token.KeyFault;
import io.tollgate.engine.token.SigningKey;
import io.tollgate.engine.token.SigningKeys;
import io.tollgate.engine.token.TokenAlgorithm;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.proto.config.v1.AuthorizationServer;
import io.tollgate.proto.config.v1.ConsumerBy;
import io.tollgate.proto.config.v1.KeyEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Issuers whose tokens nodes issue: checks them and makes {@link TokenIssuer}s. Compile thread only. */
final class IssuanceText {
    private static final int LIFETIME_SECONDS_MIN = 60;
    private static final int LIFETIME_SECONDS_MAX = 3_600;
    private static final int ROTATION_DAYS_MAX = 365;
    private static final long MILLIS_PER_SECOND = 1_000;
    /** RFC 9068, 2.1. */
    private static final List<String> TYPES = List.of("at+jwt");
    /** What the members are when nobody says them. */
    private static final List<String> TYPES_UNSAID = List.of("JWT", "at+jwt");

    private static final List<String> ALGORITHMS_UNSAID = List.of("RS256", "PS256", "ES256", "EdDSA");
    private static final String CONSUMER_CLAIM = "sub";
    private static final String SCOPE_CLAIM = "scope";

    private IssuanceText() {}

    static void check(io.tollgate.proto.config.v1.TokenIssuer issuer, ObjectProblems problems) {
        AuthorizationServer server = issuer.getAuthorizationServer();
        IssuerPlace place = IssuerPlace.of(issuer.getIssuer());
        if (place == null || !TokenIssuerCompiler.isFetchable(issuer.getIssuer())) {
            problems.add(
                    "/issuer",
                    issuer.getIssuer(),
                    "a URL whose host leads to nodes: https, or http on the node's own machine, with a path of letters, digits"
                            + " and ._~- and nothing behind it");
        }
        String at = "/authorization_server/";
        problems.range(
                at + "token_lifetime_seconds",
                server.getTokenLifetimeSeconds(),
                LIFETIME_SECONDS_MIN,
                LIFETIME_SECONDS_MAX);
        problems.range(at + "key_rotation_days", server.getKeyRotationDays(), 1, ROTATION_DAYS_MAX);
        int audience = server.getAudience().length();
        if (audience == 0 || audience > TokenIssuerCompiler.TEXT_CHARACTERS_MAX) {
            problems.add(at + "audience", audience + " characters", "1 to " + TokenIssuerCompiler.TEXT_CHARACTERS_MAX);
        }
        // What its tokens say is settled by who issues them.
        try {
            checkIsOneOf(
                    "/algorithms",
                    issuer.getAlgorithmsList(),
                    ALGORITHMS_UNSAID,
                    signing(server).algorithms().stream()
                            .map(TokenAlgorithm::word)
                            .toList(),
                    problems);
        } catch (KeyFault fault) {
            problems.add("/authorization_server", String.valueOf(fault.getMessage()), "key pairs");
        }
        checkIsOneOf("/types", issuer.getTypesList(), TYPES_UNSAID, TYPES, problems);
        checkIs("/consumer_claim", issuer.getConsumerClaim(), CONSUMER_CLAIM, problems);
        checkIs("/scope_claim", issuer.getScopeClaim(), SCOPE_CLAIM, problems);
        if (!issuer.getTrustRootId().isEmpty()) {
            problems.add("/trust_root", issuer.getTrustRootId(), "none, since nothing is fetched");
        }
        TokenIssuerCompiler.checkCount("/audiences", issuer.getAudiencesCount(), 0, 0, problems);
        TokenIssuerCompiler.checkCount("/required_claims", issuer.getRequiredClaimsCount(), 0, 0, problems);
        problems.range("/lifetime_seconds_max", issuer.getLifetimeSecondsMax(), 0, 0);
        if (issuer.hasNewConsumers()) {
            problems.add("/new_consumers", "an object", "none: a token proves whose key it was issued for");
        }
        if (issuer.getConsumerBy() == ConsumerBy.CONSUMER_BY_NAME) {
            problems.add("/consumer_by", "name", "credential: a token proves whose key it was issued for");
        }
    }

    private static void checkIsOneOf(
            String pointer, List<String> said, List<String> unsaid, List<String> settled, ObjectProblems problems) {
        Set<String> words = Set.copyOf(said);
        if (!words.equals(Set.copyOf(unsaid)) && !words.equals(Set.copyOf(settled))) {
            problems.add(pointer, String.join(", ", said), "left out, or " + String.join(", ", settled));
        }
    }

    private static void checkIs(String pointer, String said, String settled, ObjectProblems problems) {
        if (!said.equals(settled)) {
            problems.add(pointer, said, "left out, or " + settled);
        }
    }

    private static SigningKeys signing(AuthorizationServer server) throws KeyFault {
        List<SigningKey> keys = new ArrayList<>();
        for (io.tollgate.proto.config.v1.SigningKey key : server.getSigningKeysList()) {
            keys.add(SigningKey.of(new SigningKey.Stored(
                    key.getId(),
                    key.getAlgorithm(),
                    key.getPrivateKey().toByteArray(),
                    key.getPublicKey().toByteArray(),
                    key.getSignsFromMillis())));
        }
        return SigningKeys.of(keys);
    }

    static TokenIssuer compile(io.tollgate.proto.config.v1.TokenIssuer issuer) {
        AuthorizationServer server = issuer.getAuthorizationServer();
        try {
            SigningKeys signing = signing(server);
            boolean all = server.getEnvironmentsCount() == 0;
            TokenIssuer.Issuance issuance = new TokenIssuer.Issuance(
                    Objects.requireNonNull(IssuerPlace.of(issuer.getIssuer()), "an issuer that was checked"),
                    server.getTokenLifetimeSeconds() * MILLIS_PER_SECOND,
                    server.getAudience(),
                    all || server.getEnvironmentsList().contains(KeyEnvironment.KEY_ENVIRONMENT_LIVE),
                    all || server.getEnvironmentsList().contains(KeyEnvironment.KEY_ENVIRONMENT_TEST));
            return new TokenIssuer(
                    issuer.getId(),
                    issuer.getName(),
                    issuer.getIssuer(),
                    new TokenIssuer.Keys.Own(signing, issuance),
                    new TokenIssuer.Rules(
                            Set.copyOf(signing.algorithms()),
                            TYPES,
                            List.of(server.getAudience()),
                            issuer.getClockSkewSeconds() * MILLIS_PER_SECOND,
                            List.of(),
                            0),
                    new TokenIssuer.Binding(
                            ClaimPath.of(CONSUMER_CLAIM),
                            TokenIssuer.ConsumerBy.ISSUED,
                            false,
                            ClaimPath.of(SCOPE_CLAIM)));
        } catch (KeyFault e) {
            throw new IllegalStateException(issuer.getId() + " was checked", e);
        }
    }
}
