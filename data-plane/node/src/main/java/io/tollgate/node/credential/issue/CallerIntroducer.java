package io.tollgate.node.credential.issue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.policy.CallerIdentityPolicy;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.node.credential.Signings;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Introducer;
import io.tollgate.node.exchange.Outcome;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells upstreams who calls by tokens that are signed once and used by all calls of a caller until they are near their end. Immutable.
 *
 * @param policy of the route
 * @param known tokens that were signed before
 * @param signings where they are signed
 * @param random for their ids
 */
public record CallerIntroducer(CallerIdentityPolicy policy, Known known, Signings signings, SecureRandom random)
        implements Introducer {
    private static final long MILLIS_PER_SECOND = 1_000;
    /** A token is used for so much of its life, so that an upstream always has some of it left. */
    private static final int USED_QUARTERS = 3;

    private static final int ID_BYTES = 16;
    /** No access token: no policy takes it for one. */
    private static final String TYPE = "caller+jwt";

    /** Tokens that were signed, of all routes. Shared; lock-free for readers. */
    public static final class Known {
        /** Callers at once, many times what a node sees within minutes; some ten mebibytes. */
        private static final int TOKENS_MAX = 16_384;

        private final Cache<Facts, Signed> tokens =
                Caffeine.newBuilder().maximumSize(TOKENS_MAX).build();
    }

    /** What a token says of its caller, by the objects that say it: what did not change is the same. Immutable. */
    private record Facts(
            CallerIdentityPolicy policy,
            TokenIssuer issuer,
            Consumer consumer,
            String credentialId,
            @Nullable Plan plan,
            String scopes) {
        @Override
        @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
        public boolean equals(@Nullable Object other) {
            return other instanceof Facts facts
                    && policy == facts.policy
                    && issuer == facts.issuer
                    && consumer == facts.consumer
                    && plan == facts.plan
                    && credentialId.equals(facts.credentialId)
                    && scopes.equals(facts.scopes);
        }

        @Override
        public int hashCode() {
            return (credentialId.hashCode() * 31 + (int) consumer.idLow()) * 31 + scopes.hashCode();
        }
    }

    /** Immutable. @param usedUntilMillis when the next one is to be signed */
    private record Signed(String text, long usedUntilMillis) {}

    @Override
    public @Nullable Outcome introduce(Exchange exchange, java.util.function.Consumer<Outcome> then) {
        Credential credential = exchange.credential();
        if (credential == null) {
            return Outcome.OK;
        }
        TokenIssuer issuer = exchange.configuration().tokenIssuers().find(policy.issuerId());
        if (issuer == null || !(issuer.keys() instanceof TokenIssuer.Keys.Own own)) {
            return Outcome.ISSUER_UNAVAILABLE;
        }
        Facts facts = new Facts(
                policy,
                issuer,
                credential.consumer(),
                credential.id(),
                exchange.plan(),
                exchange.scopes().toString());
        long nowMillis = exchange.epochMillis();
        Signed signed = known.tokens.getIfPresent(facts);
        if (signed != null && nowMillis < signed.usedUntilMillis()) {
            exchange.callerIdentity(signed.text());
            return Outcome.OK;
        }
        boolean taken = signings.offer(
                () -> text(facts, own, nowMillis),
                text -> exchange.scratch().timer().soon(() -> {
                    if (text == null) {
                        then.accept(Outcome.INTERNAL);
                    } else {
                        exchange.callerIdentity(text);
                        then.accept(Outcome.OK);
                    }
                }));
        return taken ? null : Outcome.CHECKS_BUSY;
    }

    /** Signs one, unless a call that came before has had one signed by now. */
    private String text(Facts facts, TokenIssuer.Keys.Own own, long nowMillis) {
        Signed signed = known.tokens.getIfPresent(facts);
        if (signed == null || nowMillis >= signed.usedUntilMillis()) {
            signed = sign(facts, own, nowMillis);
            known.tokens.put(facts, signed);
        }
        return signed.text();
    }

    private Signed sign(Facts facts, TokenIssuer.Keys.Own own, long nowMillis) {
        long nowSeconds = nowMillis / MILLIS_PER_SECOND;
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", facts.issuer().issuer());
        claims.put("sub", facts.consumer().id());
        claims.put("aud", policy.audience());
        claims.put("iat", nowSeconds);
        claims.put("exp", nowSeconds + policy.lifetimeSeconds());
        claims.put("jti", Base64.getUrlEncoder().withoutPadding().encodeToString(id));
        claims.put("name", facts.consumer().name());
        claims.put("groups", facts.consumer().groups());
        if (!facts.credentialId().isEmpty()) {
            claims.put("credential_id", facts.credentialId());
        }
        Plan plan = facts.plan();
        if (plan != null) {
            claims.put("plan", plan.name());
        }
        if (!facts.scopes().isEmpty()) {
            claims.put("scope", facts.scopes());
        }
        return new Signed(
                own.signing().current(nowMillis).sign(TYPE, claims),
                nowMillis + policy.lifetimeSeconds() * MILLIS_PER_SECOND * USED_QUARTERS / 4);
    }
}
