package io.tollgate.node.proxy;

/**
 * What an upgraded connection may do. Immutable.
 *
 * @param idleMillis longest silence in both directions at once; pings count as speech
 * @param frameBytesMax largest payload of one frame of a client
 */
record StreamBounds(long idleMillis, long frameBytesMax) {
    /** Longer than any browser's or library's ping; a peer that is gone without a word is noticed all the same. */
    static final StreamBounds STANDARD = new StreamBounds(300_000, 16_777_216);
}
