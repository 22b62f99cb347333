package io.tollgate.controlplane.admin.issuer;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one issuer as they were fetched last; when a fetch fails the last good ones stay. Requests never fetch: they ask for it, and
 * some of them wait a moment. Shared; {@code keys} is read without a lock.
 */
final class IssuerKeyRing {
    /** Keys are fetched anew when they are this old, so that one that an issuer has withdrawn is not believed for longer. */
    static final Duration FRESH_FOR = Duration.ofMinutes(10);

    /** Least time between two fetches: tokens with made-up key ids must not become a flood at the issuer. */
    static final Duration COOLDOWN = Duration.ofSeconds(5);

    /** How long a request waits for keys that are on their way ... */
    static final Duration WAIT_MAX = Duration.ofSeconds(3);

    /** ... and how many do: strangers must not hold all worker threads. */
    static final int WAITERS_MAX = 8;

    private static final Logger LOG = Logger.getLogger(IssuerKeyRing.class);

    private final String issuer;
    private final @Nullable String jwksUrl;
    private final KeyFetch fetch;
    private final Clock clock;
    private final Semaphore waiters = new Semaphore(WAITERS_MAX);

    private volatile List<JsonWebKey> keys = List.of();
    private @Nullable CompletableFuture<List<JsonWebKey>> underWay;
    private long startedAtMillis = Long.MIN_VALUE;

    IssuerKeyRing(String issuer, @Nullable String jwksUrl, KeyFetch fetch, Clock clock) {
        this.issuer = issuer;
        this.jwksUrl = jwksUrl;
        this.fetch = fetch;
        this.clock = clock;
    }

    /** Whether it holds the keys that are to be found there. */
    boolean isOf(String otherIssuer, @Nullable String otherJwksUrl) {
        return issuer.equals(otherIssuer) && Objects.equals(jwksUrl, otherJwksUrl);
    }

    List<JsonWebKey> keys() {
        return keys;
    }

    /** Starts a fetch when what is held has become old. */
    void refreshIfOld() {
        if (clock.millis() - lastStart() >= FRESH_FOR.toMillis()) {
            refresh();
        }
    }

    private synchronized long lastStart() {
        return startedAtMillis == Long.MIN_VALUE ? Long.MIN_VALUE / 2 : startedAtMillis;
    }

    /** Waits a moment for newer keys, when there may be some; says whether there are any now that were not there before. */
    boolean awaitNewer() {
        List<JsonWebKey> before = keys;
        CompletableFuture<List<JsonWebKey>> fetching = refresh();
        if (fetching == null || !waiters.tryAcquire()) {
            return false;
        }
        try {
            fetching.get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf("event=issuer-keys-awaited issuer=%s cause=%s", issuer, e);
        } finally {
            waiters.release();
        }
        return keys != before;
    }

    /** The fetch that is under way, or a new one; nothing when the last one was too short a time ago. */
    private synchronized @Nullable CompletableFuture<List<JsonWebKey>> refresh() {
        CompletableFuture<List<JsonWebKey>> current = underWay;
        if (current != null && !current.isDone()) {
            return current;
        }
        long now = clock.millis();
        if (startedAtMillis != Long.MIN_VALUE && now - startedAtMillis < COOLDOWN.toMillis()) {
            return null;
        }
        startedAtMillis = now;
        CompletableFuture<List<JsonWebKey>> started =
                fetch.keys(issuer, jwksUrl).whenComplete(this::fetched);
        underWay = started;
        return started;
    }

    private void fetched(@Nullable List<JsonWebKey> fresh, @Nullable Throwable failure) {
        if (fresh != null) {
            keys = fresh;
            LOG.infof("event=issuer-keys-fetched issuer=%s keys=%d", issuer, fresh.size());
        } else {
            LOG.warnf(
                    "event=issuer-keys-not-fetched issuer=%s held=%d cause=%s",
                    issuer, keys.size(), failure == null ? "" : rootOf(failure));
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (int i = 0; i < 10 && root.getCause() != null; i++) {
            root = root.getCause();
        }
        return root;
    }
}
