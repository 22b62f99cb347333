package io.tollgate.engine.policy;

/**
 * What answers over https say about it (RFC 6797). Immutable.
 *
 * @param fieldValue of Strict-Transport-Security
 */
public record HstsPolicy(String fieldValue) {
    /** Ten years. */
    public static final int MAX_AGE_SECONDS_MAX = 315_360_000;
    /** What the browsers' lists want at least: a year. */
    public static final int PRELOAD_SECONDS_MIN = 31_536_000;

    public static HstsPolicy of(int maxAgeSeconds, boolean includeSubdomains, boolean preload) {
        return new HstsPolicy("max-age=" + maxAgeSeconds
                + (includeSubdomains ? "; includeSubDomains" : "")
                + (preload ? "; preload" : ""));
    }
}
