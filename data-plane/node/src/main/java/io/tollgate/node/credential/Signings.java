package io.tollgate.node.credential;

import io.tollgate.engine.quota.FailureTable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The signatures of tokens that this node issues, made on the threads that check the tokens of others: bounded, so that nobody who asks for
 * tokens keeps those of others from being checked. Shared; lock-free.
 */
public final class Signings {
    /** Tokens that one key gets at once, and again in {@link #SECONDS}: one token serves many calls. */
    static final int TOKENS_MAX = 60;

    static final int SECONDS = 6;
    /** Signatures that wait, of all keys: a quarter of what may wait for these threads. */
    static final int WAITING_MAX = CheckPool.WAITING_MAX / 4;

    private static final FailureTable.Bound EACH = new FailureTable.Bound(TOKENS_MAX, SECONDS);
    private static final Logger LOG = System.getLogger(Signings.class.getName());

    private final CheckPool pool;
    private final FailureTable issued;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param seed drawn by chance
     * @param nowNanos on the monotonic clock
     */
    Signings(CheckPool pool, long seed, long nowNanos) {
        this.pool = pool;
        this.issued = new FailureTable(seed, nowNanos);
    }

    /**
     * Counts a token for a key; how long until one more fits when none does, and then it is not counted. 0 or less: it does.
     *
     * @param digest of the key, 8 bytes at least
     * @param nowNanos on the monotonic clock
     */
    public long take(byte[] digest, long nowNanos) {
        long key = FailureTable.source(digest);
        long waitNanos = issued.waitNanos(key, EACH, nowNanos);
        if (waitNanos <= 0) {
            issued.count(key, EACH, nowNanos);
        }
        return waitNanos;
    }

    /**
     * Signs soon; false when too many wait, and then it does not.
     *
     * @param told of the token once, on a thread of the pool; of null when it could not be signed
     */
    public boolean offer(Supplier<String> signing, Consumer<@Nullable String> told) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            return false;
        }
        boolean taken = pool.offer(() -> {
            waiting.decrementAndGet();
            told.accept(signed(signing));
        });
        if (!taken) {
            waiting.decrementAndGet();
        }
        return taken;
    }

    private static @Nullable String signed(Supplier<String> signing) {
        try {
            return signing.get();
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "event=token-signing-failed", bug);
            return null;
        }
    }
}
