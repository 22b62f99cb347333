package io.tollgate.node.credential;

import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.node.exchange.Clock;
import io.vertx.core.Context;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one issuer, fetched from its own place: when it becomes known, again before they are too old, and when a token names one
 * that is not there. The last good ones stay when a fetch fails. At most one fetch is on its way. Confined to one event loop, but for
 * {@link #current} and {@link #refresh}.
 */
final class FetchedKeys {
    /** Shortest age that is believed of an answer: nobody changes keys more often. */
    static final long AGE_SECONDS_MIN = 30;
    /** Longest: a key that was taken back is not believed for longer. */
    static final long AGE_SECONDS_MAX = 3_600;
    /** Where the answer does not say. */
    static final long AGE_SECONDS_USUAL = 300;
    /** Tokens that name unknown keys make it ask no more often than this. */
    static final long UNKNOWN_KEY_MILLIS_MIN = 10_000;
    /** After a fetch that failed; then twice as long each time. */
    static final long RETRY_MILLIS_MIN = 1_000;

    static final long RETRY_MILLIS_MAX = 60_000;
    /** Requests that wait for one fetch. */
    static final int WAITING_MAX = 4_096;

    private static final Logger LOG = System.getLogger(FetchedKeys.class.getName());

    private final TokenIssuer.Keys.Fetched from;
    private final String name;
    private final KeyFetch fetch;
    private final KeyFile file;
    private final Context loop;
    private final Clock clock;
    private final FetchCounts counts;

    private final List<Runnable> waiting = new ArrayList<>();
    private volatile @Nullable KeySet current;
    private volatile long fetchedAtMillis;
    private volatile long lastAskedMillis;
    private volatile boolean asking;
    private boolean stopped;
    private long retryMillis = RETRY_MILLIS_MIN;
    private long timer = -1;

    FetchedKeys(TokenIssuer issuer, KeyFetch fetch, KeyFile file, Context loop, Means means) {
        this.from = (TokenIssuer.Keys.Fetched) issuer.keys();
        this.name = issuer.name();
        this.fetch = fetch;
        this.file = file;
        this.loop = loop;
        this.clock = means.clock();
        this.counts = means.counts();
    }

    /** What all of them have in common. */
    record Means(Clock clock, FetchCounts counts) {}

    TokenIssuer.Keys.Fetched from() {
        return from;
    }

    /** Takes what the disk holds, and asks for newer ones. */
    FetchedKeys start() {
        KeySet kept = file.read();
        if (kept != null) {
            current = kept;
        }
        loop.runOnContext(now -> ask());
        return this;
    }

    /** Its issuer is not there any more. */
    void forget() {
        stop();
        file.delete();
    }

    void stop() {
        loop.runOnContext(now -> {
            stopped = true;
            tell();
            loop.owner().cancelTimer(timer);
            fetch.close();
        });
    }

    /** Null while there are none. */
    @Nullable
    KeySet current() {
        return current;
    }

    /**
     * Asks for newer ones, and lets {@code then} run when the answer is there or does not come; false, and nothing of it, when it was
     * asked only just now.
     */
    boolean refresh(Runnable then) {
        if (wasJustAsked() && !asking) {
            return false;
        }
        loop.runOnContext(now -> join(then));
        return true;
    }

    private boolean wasJustAsked() {
        return clock.epochMillis() - lastAskedMillis < UNKNOWN_KEY_MILLIS_MIN;
    }

    private void join(Runnable then) {
        boolean answered = !asking && wasJustAsked();
        if (stopped || answered || waiting.size() >= WAITING_MAX) {
            then.run();
            return;
        }
        waiting.add(then);
        ask();
    }

    private void ask() {
        if (asking || stopped) {
            return;
        }
        asking = true;
        lastAskedMillis = clock.epochMillis();
        loop.owner().cancelTimer(timer);
        fetch.get().onComplete(answer -> {
            asking = false;
            if (stopped) {
                return;
            }
            long nextMillis = answer.succeeded() ? take(answer.result()) : keep(answer.cause());
            timer = loop.owner().setTimer(nextMillis, due -> ask());
            tell();
        });
    }

    private void tell() {
        List<Runnable> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Runnable::run);
    }

    /** Milliseconds to the next fetch. */
    private long take(KeyFetch.Answer answer) {
        KeySet before = current;
        // The same keys stay the same object, so that what was found by them still holds.
        if (before == null || !before.equals(answer.keys())) {
            current = answer.keys();
            file.write(answer.document());
            LOG.log(
                    Level.INFO,
                    "event=issuer-keys issuer=" + name + " keys="
                            + answer.keys().keys().size());
        }
        fetchedAtMillis = clock.epochMillis();
        counts.good.increment();
        retryMillis = RETRY_MILLIS_MIN;
        long age = answer.maxAgeSeconds() < 0 ? AGE_SECONDS_USUAL : answer.maxAgeSeconds();
        long bounded = Math.max(AGE_SECONDS_MIN, Math.min(AGE_SECONDS_MAX, age));
        // Ahead of it, so that no call ever waits for keys that are only old.
        return TimeUnit.SECONDS.toMillis(bounded) * 4 / 5;
    }

    private long keep(Throwable failure) {
        counts.failed.increment();
        LOG.log(
                Level.WARNING,
                "event=issuer-keys-failed issuer=" + name + " kept=" + (current != null) + " detail=\""
                        + failure.getMessage() + '"');
        long next = retryMillis;
        retryMillis = Math.min(RETRY_MILLIS_MAX, retryMillis * 2);
        return next;
    }

    /** Since the last good answer of this process; negative: there was none. */
    long ageMillis() {
        return fetchedAtMillis == 0 ? -1 : clock.epochMillis() - fetchedAtMillis;
    }
}
