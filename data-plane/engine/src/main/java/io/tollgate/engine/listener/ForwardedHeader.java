package io.tollgate.engine.listener;

/** In which fields a proxy in front says who its client is. Immutable. */
public enum ForwardedHeader {
    /** X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host: as nearly all proxies do. */
    X_FORWARDED_FOR,
    /** Forwarded (RFC 7239). */
    FORWARDED
}
