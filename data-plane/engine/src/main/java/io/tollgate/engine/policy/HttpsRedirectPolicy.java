package io.tollgate.engine.policy;

/**
 * Where calls in the clear are sent: to the same place over https. Immutable.
 *
 * @param status 301, 302, 307 or 308
 * @param port of https
 */
public record HttpsRedirectPolicy(int status, int port) {
    /** The port that needs not be said. */
    public static final int PORT_DEFAULT = 443;
}
