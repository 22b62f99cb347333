package io.tollgate.engine.quota;

import org.jspecify.annotations.Nullable;

/**
 * What a rate limiter decided and what the caller may be told of it. Mutable and reused; event-loop confined.
 *
 * <p>The figures are those of the binding window: the one that refused, or else the one with the least left. They are
 * meant for the fields {@code RateLimit} ({@link #windowName()}, {@link #remaining()}, {@link #resetSeconds()}) and {@code
 * Retry-After} ({@link #retryAfterSeconds()}) of draft-ietf-httpapi-ratelimit-headers-11 and RFC 9110.
 */
public final class RateDecision {
    private boolean allowed = true;
    private @Nullable RateLimiter limiter;
    private int window;
    private long remaining;
    private long resetSeconds;
    private long retryAfterSeconds;

    /** Makes this a decision about nothing: allowed, without a limiter. */
    public void reset() {
        allowed = true;
        limiter = null;
        window = 0;
        remaining = 0;
        resetSeconds = 0;
        retryAfterSeconds = 0;
    }

    void set(RateLimiter limiter, int window, long remaining, long resetSeconds, long retryAfterSeconds) {
        this.allowed = retryAfterSeconds == 0;
        this.limiter = limiter;
        this.window = window;
        this.remaining = remaining;
        this.resetSeconds = resetSeconds;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Whether the request may pass. */
    public boolean allowed() {
        return allowed;
    }

    /** Who decided; null when nothing limits. */
    public @Nullable RateLimiter limiter() {
        return limiter;
    }

    /** The binding window; null when nothing limits. */
    public @Nullable RateWindow window() {
        RateLimiter by = limiter;
        return by == null ? null : by.limit().windows().get(window);
    }

    /** Quoted name of the binding window, as in the limiter's policy header; empty when nothing limits. */
    public String windowName() {
        RateLimiter by = limiter;
        return by == null ? "" : by.windowName(window);
    }

    /** Requests per binding window; 0 when nothing limits. */
    public long limit() {
        RateWindow binding = window();
        return binding == null ? 0 : binding.requests();
    }

    /** Requests that may still come at once. */
    public long remaining() {
        return remaining;
    }

    /** Seconds, rounded up, until the whole burst may come again. */
    public long resetSeconds() {
        return resetSeconds;
    }

    /** Seconds, rounded up and at least 1, until one request is allowed again; 0 when this one was. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** The value of the field {@code RateLimit}: {@code "name";r=9;t=6}. Allocates. */
    public String headerValue() {
        return windowName() + ";r=" + remaining + ";t=" + resetSeconds;
    }
}
