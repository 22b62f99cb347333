package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.ParsedToken;
import io.tollgate.engine.token.TokenFault;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenIssuers;
import io.tollgate.engine.token.TokenJudge;
import io.tollgate.engine.token.TokenVerdict;
import io.tollgate.engine.token.VerifiedToken;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens and remembers what was found. Shared; the checks are made on the threads of the pool.
 *
 * <p>A token whose issuer's keys are not there yet, or have none for it, waits until they are fetched, which happens for all that wait at
 * once.
 */
final class TokenChecks {
    private static final Logger LOG = System.getLogger(TokenChecks.class.getName());

    private final CheckPool pool;
    private final TokenCache cache;
    private final IssuerKeyTable keys;
    private final Clock clock;

    TokenChecks(CheckPool pool, TokenCache cache, IssuerKeyTable keys, Clock clock) {
        this.pool = pool;
        this.cache = cache;
        this.keys = keys;
        this.clock = clock;
    }

    /** A token that is looked at under a configuration. Immutable. */
    record Question(String token, Digest digest, CompiledConfiguration configuration) {}

    /** What is remembered of a token; null when nothing is. */
    @Nullable
    Finding find(Digest digest, CompiledConfiguration configuration) {
        return cache.find(digest, configuration, keys);
    }

    /** Finds out; {@code told} hears of it once, on any thread. */
    void check(Question question, BooleanSupplier abandoned, Consumer<Finding> told) {
        submit(question, abandoned, told, true);
    }

    private void submit(Question question, BooleanSupplier abandoned, Consumer<Finding> told, boolean mayFetch) {
        boolean taken = pool.offer(() -> {
            if (abandoned.getAsBoolean()) {
                return;
            }
            Finding finding;
            try {
                finding = find(question, abandoned, told, mayFetch);
            } catch (RuntimeException bug) {
                LOG.log(Level.ERROR, "event=token-check-failed", bug);
                finding = Refusal.of(Outcome.INTERNAL);
            }
            if (finding != null) {
                told.accept(finding);
            }
        });
        if (!taken) {
            told.accept(Refusal.of(Outcome.CHECKS_BUSY));
        }
    }

    /** Null: the keys are asked for, and the check is made again when they are there. */
    private @Nullable Finding find(
            Question question, BooleanSupplier abandoned, Consumer<Finding> told, boolean mayFetch) {
        CompiledConfiguration configuration = question.configuration();
        // Another request may have presented it meanwhile.
        Finding known = cache.find(question.digest(), configuration, keys);
        if (known != null) {
            return known;
        }
        TokenIssuers issuers = configuration.tokenIssuers();
        ParsedToken token = ParsedToken.read(question.token());
        if (token == null) {
            return refused(question, Outcome.TOKEN_MALFORMED, null, null);
        }
        TokenIssuer issuer = issuers.claiming(token.issuer());
        if (issuer == null || issuer.introspection() != null) {
            // There are no keys of who is asked about its tokens, and never will be.
            return refused(question, Outcome.TOKEN_UNKNOWN_ISSUER, null, null);
        }
        KeySet held = keys.current(issuer);
        TokenVerdict verdict = held == null ? null : TokenJudge.judge(token, issuer, held, clock.epochMillis());
        boolean wantsKeys = verdict == null || isOfUnknownKey(verdict);
        if (wantsKeys && mayFetch && keys.refresh(issuer, () -> submit(question, abandoned, told, false))) {
            return null;
        }
        if (held == null || verdict == null) {
            // Not remembered: the next one finds the keys as soon as they are there.
            return Refusal.of(Outcome.ISSUER_UNAVAILABLE);
        }
        if (verdict instanceof TokenVerdict.Valid valid) {
            int characters = question.token().length();
            long keptUntilMillis = clock.epochMillis() + TokenCache.GOOD_MILLIS_MAX;
            VerifiedToken kept = valid.token().withoutText();
            KnownToken good = issuer.keys() instanceof TokenIssuer.Keys.Own
                    ? KnownToken.issued(
                            kept,
                            held,
                            characters,
                            keptUntilMillis,
                            IssuedHandle.open(kept, new KeyHasher(configuration.keyDigestSecret())))
                    : new KnownToken(kept, held, characters, keptUntilMillis);
            cache.put(question.digest(), good);
            return good;
        }
        return refused(question, outcome(((TokenVerdict.Refused) verdict).fault()), issuer, held);
    }

    private Finding refused(Question question, Outcome outcome, @Nullable TokenIssuer issuer, @Nullable KeySet held) {
        cache.put(
                question.digest(),
                new TokenCache.Bad(
                        outcome, question.configuration().tokenIssuers(), issuer, held, TokenCache.BAD_KEPT));
        return Refusal.of(outcome);
    }

    private static boolean isOfUnknownKey(TokenVerdict verdict) {
        return verdict instanceof TokenVerdict.Refused refused && refused.fault() == TokenFault.UNKNOWN_KEY;
    }

    static Outcome outcome(TokenFault fault) {
        return switch (fault) {
            case MALFORMED -> Outcome.TOKEN_MALFORMED;
            case UNKNOWN_ISSUER -> Outcome.TOKEN_UNKNOWN_ISSUER;
            case UNKNOWN_KEY, INVALID -> Outcome.TOKEN_INVALID;
            case EXPIRED -> Outcome.TOKEN_EXPIRED;
            case INACTIVE -> Outcome.TOKEN_INACTIVE;
            case NOT_YET_VALID -> Outcome.TOKEN_NOT_YET_VALID;
            case AUDIENCE -> Outcome.TOKEN_AUDIENCE;
            case CLAIMS -> Outcome.TOKEN_CLAIMS;
        };
    }
}
