package io.tollgate.node.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenIssuers;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was found out about tokens, by the digest of their text. Shared; lock-free for readers.
 *
 * <p>The good ones and the bad ones have rooms of their own, so that nobody can push out what is good by presenting what is bad. What was
 * found under an issuer or keys that are not the same any more is not told.
 */
final class TokenCache {
    /** Memory of good tokens, roughly: some ten thousand of the usual length. */
    static final long GOOD_WEIGHT_MAX = 64L << 20;
    /** A good token is checked anew at the latest then. */
    static final long GOOD_MILLIS_MAX = 600_000;
    /** Bad tokens, of which only the digest and the reason is kept. */
    static final long BAD_MAX = 8_192;
    /** Long enough that one bad token costs nothing, short enough that a mended clock or issuer is seen soon. */
    static final Duration BAD_KEPT = Duration.ofSeconds(10);

    private final Cache<Digest, KnownToken> good;
    private final Cache<Digest, Bad> bad;

    TokenCache(Clock clock) {
        good = Caffeine.newBuilder()
                .maximumWeight(GOOD_WEIGHT_MAX)
                .<Digest, KnownToken>weigher((digest, token) -> token.weight())
                .ticker(clock::nanos)
                .expireAfter(Expiry.<Digest, KnownToken>writing((digest, token) -> left(token, clock)))
                .build();
        bad = Caffeine.newBuilder()
                .maximumSize(BAD_MAX)
                .ticker(clock::nanos)
                .expireAfter(Expiry.<Digest, Bad>writing((digest, refused) -> refused.kept()))
                .build();
    }

    /**
     * Why a token does not hold. Immutable.
     *
     * @param issuers which were known then
     * @param issuer which it names; null: none of those
     * @param keys of the issuer
     * @param kept how long it is remembered
     */
    record Bad(
            Outcome outcome,
            TokenIssuers issuers,
            @Nullable TokenIssuer issuer,
            @Nullable KeySet keys,
            Duration kept) {
        @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
        boolean isCurrent(CompiledConfiguration configuration, @Nullable KeySet now) {
            return issuer == null
                    ? configuration.tokenIssuers() == issuers
                    : configuration.tokenIssuers().find(issuer.id()) == issuer && keys == now;
        }
    }

    /** What is known of this token; null when nothing is, or not under this configuration. */
    @Nullable
    Finding find(Digest digest, CompiledConfiguration configuration, IssuerKeyTable keys) {
        KnownToken token = good.getIfPresent(digest);
        if (token != null
                && token.isCurrent(configuration, keys.current(token.token().issuer()))) {
            return token;
        }
        Bad refused = bad.getIfPresent(digest);
        if (refused == null) {
            return null;
        }
        TokenIssuer issuer = refused.issuer();
        return refused.isCurrent(configuration, issuer == null ? null : keys.current(issuer))
                ? Refusal.of(refused.outcome())
                : null;
    }

    void put(Digest digest, KnownToken token) {
        good.put(digest, token);
    }

    /** It is not good any more, if it was. */
    void put(Digest digest, Bad refused) {
        bad.put(digest, refused);
        good.invalidate(digest);
    }

    long goodCount() {
        return good.estimatedSize();
    }

    long badCount() {
        return bad.estimatedSize();
    }

    /** A token is not kept longer than it holds. */
    private static Duration left(KnownToken token, Clock clock) {
        return Duration.ofMillis(Math.max(0, token.keptUntilMillis() - clock.epochMillis()));
    }
}
