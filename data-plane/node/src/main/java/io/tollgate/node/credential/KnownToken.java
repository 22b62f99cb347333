package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialType;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.tls.PeerCertificate;
import io.tollgate.engine.token.Confirmation;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenAlgorithm;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenJudge;
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
 * <p>Whom it proves is asked of each configuration anew; the answer is remembered as long as it is the same.
 */
final class KnownToken implements Finding, CredentialFinder {
    /** What the objects around a token's text take beside it, in bytes, roughly. */
    private static final int WEIGHT_BASE = 1_024;

    private final VerifiedToken token;
    private final KeySet keys;
    private final String bindingKey;
    private final Scopes scopes;
    private final Confirmation confirmation;
    private final int weight;
    // A race makes it twice, and either will do.
    private @Nullable Proven proven;

    /**
     * @param keys of the issuer, among which the one is that signed it
     * @param characters of its text
     */
    KnownToken(VerifiedToken token, KeySet keys, int characters) {
        this.token = token;
        this.keys = keys;
        this.bindingKey = CredentialBindings.jwt(token.issuer().id(), token.subject());
        this.confirmation = Confirmation.of(token.claims());
        // What cannot be a scope is not asked for anywhere.
        this.scopes = Scopes.of(token.scopes().stream()
                .filter(Scopes::isToken)
                .distinct()
                .limit(Scopes.COUNT_MAX)
                .toList());
        this.weight = WEIGHT_BASE + 2 * characters;
    }

    /** Whom the token proves, by what the configuration says. Immutable. */
    private record Proven(Object by, Credential credential) {}

    VerifiedToken token() {
        return token;
    }

    int weight() {
        return weight;
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
        Credential credential = credential(exchange.configuration());
        if (credential == null) {
            return Outcome.TOKEN_UNKNOWN_SUBJECT;
        }
        exchange.proven(this, bindingKey, credential);
        exchange.token(token, scopes);
        if (credential.revoked() || credential.isExpired(nowMillis)) {
            return Outcome.TOKEN_UNKNOWN_SUBJECT;
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
        return credential(configuration);
    }

    /** Whether it holds by other rules of its issuer, and still says the same of its subject. */
    private boolean holdsUnder(TokenIssuer now, long nowMillis) {
        TokenAlgorithm algorithm = TokenAlgorithm.find(token.parsed().algorithm());
        boolean signed = algorithm != null
                && now.rules().algorithms().contains(algorithm)
                && now.issuer().equals(token.issuer().issuer())
                && (!(now.keys() instanceof TokenIssuer.Keys.Held held)
                        || held.keys().contains(token.key()));
        return signed
                && TokenJudge.claims(token.parsed(), now, token.key(), nowMillis) instanceof TokenVerdict.Valid valid
                && valid.token().subject().equals(token.subject());
    }

    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    private @Nullable Credential credential(CompiledConfiguration configuration) {
        if (token.subject().isEmpty()) {
            return null;
        }
        boolean byName = token.issuer().binding().by() == TokenIssuer.ConsumerBy.NAME;
        Object by = byName
                ? configuration.bindings().consumer(token.subject())
                : configuration.bindings().find(bindingKey);
        if (by == null) {
            return null;
        }
        Proven known = proven;
        if (known == null || known.by() != by) {
            Credential base = byName ? Credential.unnamed(CredentialType.JWT, (Consumer) by) : (Credential) by;
            known = new Proven(by, base.until(token.expiresAtMillis()));
            proven = known;
        }
        return known.credential();
    }
}
