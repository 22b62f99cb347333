package io.tollgate.engine.tls;

/**
 * An authority's word that a certificate is not revoked (RFC 6960), to be shown with it. The bytes are not to be changed. Immutable.
 *
 * @param response DER; empty when there is none
 * @param nextUpdateMillis not shown from then on: clients refuse a stale one
 */
public record OcspStaple(byte[] response, long nextUpdateMillis) {
    /** Nothing is shown. */
    public static final OcspStaple NONE = new OcspStaple(new byte[0], 0);

    /** Whether there is one to show. */
    public boolean isFresh(long nowMillis) {
        return response.length > 0 && nowMillis < nextUpdateMillis;
    }
}
