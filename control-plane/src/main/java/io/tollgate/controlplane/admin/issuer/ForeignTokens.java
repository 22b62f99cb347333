package io.tollgate.controlplane.admin.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.controlplane.catalog.audit.Actor;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.security.Key;
import java.time.Clock;
import java.util.List;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JWTs of the issuers that the catalog names (RFC 7519, RFC 8725): the algorithm is one that the issuer's rules list, the key one
 * of the issuer's for that algorithm, and issuer, audience, subject and expiry are there and right. Shared; worker threads.
 */
@ApplicationScoped
public class ForeignTokens {
    private final TrustedIssuers issuers;
    private final ObjectMapper mapper;
    private final Clock clock;

    ForeignTokens(TrustedIssuers issuers, ObjectMapper mapper, Clock clock) {
        this.issuers = issuers;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** A token is not what it says. An expected ending: it carries no stack. Immutable. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        Invalid(String why) {
            super(why, null, false, false);
        }

        /** A sentence for the caller; nothing of the token stands in it. */
        public String why() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Who shows a token that says it was signed by {@code issuer}; nothing when that one is not believed here.
     *
     * @throws Invalid it is believed, and the token is not good
     */
    public @Nullable Actor verify(String issuer, String token) throws Invalid {
        TrustedIssuer trusted = issuers.find(issuer);
        if (trusted == null) {
            return null;
        }
        String claimsText = verified(trusted, token).getJwtClaims().getRawJson();
        JsonNode claims;
        try {
            claims = mapper.readTree(claimsText);
        } catch (IOException e) {
            throw new Invalid("the token's claims are no JSON");
        }
        String subject = trusted.subject().text(claims);
        if (subject.isBlank()) {
            throw new Invalid("the token names no subject");
        }
        JsonNode id = claims.path("jti");
        return new Actor(subject, trusted.roles(claims))
                .limitedTo(trusted.teams(claims))
                .provedBy(new Actor.Proof(issuer, id.isTextual() ? id.textValue() : null));
    }

    private JwtContext verified(TrustedIssuer trusted, String token) throws Invalid {
        try {
            return new JwtConsumerBuilder()
                    .setJwsAlgorithmConstraints(
                            AlgorithmConstraints.ConstraintType.PERMIT,
                            trusted.rules().algorithms().toArray(String[]::new))
                    .setVerificationKeyResolver((signature, nesting) -> key(trusted, signature))
                    .setExpectedIssuer(trusted.issuer())
                    .setExpectedAudience(true, trusted.rules().audiences().toArray(String[]::new))
                    .setRequireSubject()
                    .setRequireExpirationTime()
                    .setAllowedClockSkewInSeconds(trusted.rules().clockSkewSeconds())
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .build()
                    .process(token);
        } catch (InvalidJwtException e) {
            throw new Invalid(reason(e));
        }
    }

    private static String reason(InvalidJwtException e) {
        if (e.hasExpired()) {
            return "the token has expired";
        }
        if (e.getCause() instanceof UnresolvableKeyException) {
            return "the token was signed with a key that its issuer does not have";
        }
        boolean audience = e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || e.hasErrorCode(ErrorCodes.AUDIENCE_MISSING);
        return audience ? "the token is for somebody else" : "the token is not valid";
    }

    /** A key that is not known yet may be a new one of the issuer. */
    private static Key key(TrustedIssuer trusted, JsonWebSignature signature) throws UnresolvableKeyException {
        JsonWebKey key = select(signature, trusted.keys().keys());
        if (key == null && trusted.keys().awaitNewer()) {
            key = select(signature, trusted.keys().keys());
        }
        if (key == null) {
            throw new UnresolvableKeyException("no key of " + trusted.issuer() + " fits");
        }
        return key.getKey();
    }

    private static @Nullable JsonWebKey select(JsonWebSignature signature, List<JsonWebKey> keys)
            throws UnresolvableKeyException {
        try {
            return new VerificationJwkSelector().select(signature, keys);
        } catch (JoseException e) {
            throw new UnresolvableKeyException("no key fits", e);
        }
    }
}
