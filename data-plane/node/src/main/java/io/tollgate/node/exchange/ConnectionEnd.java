package io.tollgate.node.exchange;

import java.util.Locale;

/** Why a client's connection is refused, or ended without an answer that says so. Immutable. */
public enum ConnectionEnd {
    /** The listener has as many as it may have. */
    CONNECTIONS(true),
    /** The client's address has. */
    ADDRESS(true),
    /** No request came in time. */
    IDLE(false),
    /** A head was begun and not ended in time: answered with 408. */
    HEADER_TIMEOUT(false),
    /** It has carried as many requests as it may. */
    REQUESTS(false),
    /** Too many streams were reset in a second, by the client or for what it sent. */
    HTTP2_RESETS(false),
    /** Too many SETTINGS frames in a second. */
    HTTP2_SETTINGS(false),
    /** Too many PING frames in a second. */
    HTTP2_PINGS(false),
    /** Too many frames of HTTP/2 that carry nothing: pieces of a head, empty DATA, or such that want answers which nobody reads. */
    HTTP2_FLOOD(false),
    /** A frame of HTTP/2 that breaks the connection (RFC 9113, 5.4.1). */
    HTTP2_MALFORMED(false);

    private final boolean refused;
    private final String word;

    ConnectionEnd(boolean refused) {
        this.refused = refused;
        this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether nothing was done for the connection: it was closed as soon as it was accepted. */
    public boolean isRefused() {
        return refused;
    }

    /** The word of metric labels, for example {@code header-timeout}. */
    public String word() {
        return word;
    }
}
