package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Terms;
import io.tollgate.engine.tls.PeerCertificate;
import io.tollgate.engine.token.Confirmation;
import io.tollgate.engine.token.IntrospectionAnswer;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenAlgorithm;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenJudge;
import io.tollgate.engine.token.TokenKey;
import io.tollgate.engine.token.TokenVerdict;
import io.tollgate.engine.token.VerifiedToken;
import io.tollgate.node.exchange.CredentialFinder;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.LoopScratch;
import io.tollgate.node.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A token that was found good, by an issuer and keys as they were then. Shared by all loops; lock-free.
 *
 * <p>Whom it proves is asked of each configuration anew.
 */
final class KnownToken implements Finding, CredentialFinder {
    /** What the objects around a token's text take beside it, in bytes, roughly. */
    private static final int WEIGHT_BASE = 1_024;

    private final VerifiedToken token;
    private final @Nullable KeySet keys;
    private final TokenOwner owner;
    private final Confirmation confirmation;
    private final int weight;
    private final long keptUntilMillis;

    /**
     * @param keys of the issuer, among which the one is that signed it; null: the issuer was asked
     * @param characters of its text, or of what was answered
     * @param keptUntilMillis when it is to be found out anew at the latest
     */
    KnownToken(VerifiedToken token, @Nullable KeySet keys, int characters, long keptUntilMillis) {
        this(token, keys, characters, keptUntilMillis, null);
    }

    private KnownToken(
            VerifiedToken token,
            @Nullable KeySet keys,
            int characters,
            long keptUntilMillis,
            byte @Nullable [] issuedFor) {
        this.keptUntilMillis = keptUntilMillis;
        this.token = token;
        this.keys = keys;
        this.owner = new TokenOwner(token, issuedFor);
        this.confirmation = Confirmation.of(token.claims());
        this.weight = WEIGHT_BASE + 2 * characters;
    }

    /**
     * A token of one of our own issuers.
     *
     * @param digest of the key that it was issued for; null: it does not say
     */
    static KnownToken issued(
            VerifiedToken token,
            @Nullable KeySet keys,
            int characters,
            long keptUntilMillis,
            byte @Nullable [] digest) {
        return new KnownToken(token, keys, characters, keptUntilMillis, digest);
    }

    VerifiedToken token() {
        return token;
    }

    int weight() {
        return weight;
    }

    /** Whether it tells somebody whom this configuration does not know, and who is to become a consumer. */
    boolean isNew(CompiledConfiguration configuration) {
        return token.issuer().binding().makesConsumers()
                && !token.subject().isEmpty()
                && token.subject().indexOf('\0') < 0
                && configuration.bindings().find(owner.bindingKey()) == null;
    }

    /** When it is to be found out anew at the latest, milliseconds since the Unix epoch. */
    long keptUntilMillis() {
        return Math.min(keptUntilMillis, token.expiresAtMillis());
    }

    /** Whether it would be found the same under this configuration, with these keys of its issuer. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    boolean isCurrent(CompiledConfiguration configuration, @Nullable KeySet now) {
        return configuration.tokenIssuers().find(token.issuer().id()) == token.issuer() && keys == now;
    }

    /** Whether it only holds together with a client certificate. */
    boolean isBound() {
        return confirmation.isOfCertificate();
    }

    @Override
    public Outcome judge(Exchange exchange) {
        long nowMillis = exchange.scratch().clock().epochMillis();
        if (nowMillis >= token.expiresAtMillis()) {
            return Outcome.TOKEN_EXPIRED;
        }
        PeerCertificate shown = exchange.clientCertificate();
        if (!confirmation.isMetBy(shown == null ? null : shown.fingerprintSha256())) {
            return Outcome.TOKEN_BINDING;
        }
        Outcome unknown = token.issuer().binding().by() == TokenIssuer.ConsumerBy.ISSUED
                ? Outcome.TOKEN_REVOKED
                : Outcome.TOKEN_UNKNOWN_SUBJECT;
        TokenOwner.Proven proven = owner.find(exchange.configuration(), token.issuer());
        if (proven == null) {
            return unknown;
        }
        Credential credential = proven.credential();
        exchange.proven(this, owner.bindingKey(), credential);
        exchange.token(token, proven.scopes());
        if (credential.revoked() || credential.isExpired(nowMillis)) {
            return unknown;
        }
        Terms terms = credential.terms();
        if (!terms.networks().isEmpty() && !terms.takesFrom(exchange.clientAddressBytes())) {
            return Outcome.KEY_NETWORK;
        }
        return credential.consumer().enabled() ? Outcome.OK : Outcome.CONSUMER_DISABLED;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    public @Nullable Credential find(String presented, CompiledConfiguration configuration, LoopScratch scratch) {
        TokenIssuer now = configuration.tokenIssuers().find(token.issuer().id());
        if (now == null
                || (now != token.issuer() && !holdsUnder(now, scratch.clock().epochMillis()))) {
            return null;
        }
        TokenOwner.Proven proven = owner.find(configuration, now);
        return proven == null ? null : proven.credential();
    }

    /** Whether it holds by other rules of its issuer, and still says the same of its subject. */
    private boolean holdsUnder(TokenIssuer now, long nowMillis) {
        TokenKey key = token.key();
        if (key == null) {
            // Who is asked in another way now may say something else.
            return now.keys().equals(token.issuer().keys())
                    && now.issuer().equals(token.issuer().issuer())
                    && saysTheSame(TokenJudge.answer(new IntrospectionAnswer(true, token.claims()), now, nowMillis));
        }
        TokenAlgorithm algorithm = TokenAlgorithm.find(token.parsed().algorithm());
        KeySet held = now.heldKeys();
        boolean signed = algorithm != null
                && now.rules().algorithms().contains(algorithm)
                && now.issuer().equals(token.issuer().issuer())
                && (held == null || held.contains(key));
        return signed && saysTheSame(TokenJudge.claims(token.parsed(), now, key, nowMillis));
    }

    private boolean saysTheSame(TokenVerdict verdict) {
        return verdict instanceof TokenVerdict.Valid valid
                && valid.token().subject().equals(token.subject());
    }
}
