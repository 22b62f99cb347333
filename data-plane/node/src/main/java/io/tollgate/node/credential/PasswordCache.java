package io.tollgate.node.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.Outcome;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was found out about user names and passwords, by a digest of both under a secret that this process has for itself: no
 * password is in memory for longer than its check. Shared; lock-free for readers.
 *
 * <p>What is good and what is bad have rooms of their own, so that nobody can push out what is good by guessing. What was found under another
 * digest of the password is not told.
 */
final class PasswordCache {
    /** Pairs that are good. */
    static final long GOOD_MAX = 16_384;
    /** A good one is checked anew at the latest then. */
    static final long GOOD_NANOS = TimeUnit.MINUTES.toNanos(10);

    static final long BAD_MAX = 8_192;
    /** Long enough that a client that repeats itself costs nothing. */
    static final long BAD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Cache<Digest, KnownPassword> good;
    private final Cache<Digest, Bad> bad;

    PasswordCache(Clock clock) {
        good = Caffeine.newBuilder()
                .maximumSize(GOOD_MAX)
                .ticker(clock::nanos)
                .expireAfterWrite(GOOD_NANOS, TimeUnit.NANOSECONDS)
                .build();
        bad = Caffeine.newBuilder()
                .maximumSize(BAD_MAX)
                .ticker(clock::nanos)
                .expireAfterWrite(BAD_NANOS, TimeUnit.NANOSECONDS)
                .build();
    }

    /**
     * A password that is wrong. Immutable.
     *
     * @param hash which it was checked by; null: nobody has that name
     */
    record Bad(String key, @Nullable PasswordHash hash) {
        boolean isCurrent(CompiledConfiguration configuration) {
            Object now = configuration.bindings().verifier(key);
            return hash == null ? now == null : hash.equals(now);
        }
    }

    /** What is known of this pair; null when nothing is, or not under this configuration. */
    @Nullable
    Finding find(Digest digest, CompiledConfiguration configuration) {
        KnownPassword known = good.getIfPresent(digest);
        if (known != null && known.isCurrent(configuration)) {
            return known;
        }
        Bad refused = bad.getIfPresent(digest);
        return refused != null && refused.isCurrent(configuration) ? Refusal.of(Outcome.PASSWORD_WRONG) : null;
    }

    void put(Digest digest, KnownPassword known) {
        good.put(digest, known);
    }

    void put(Digest digest, Bad refused) {
        bad.put(digest, refused);
    }

    long goodCount() {
        return good.estimatedSize();
    }
}
