package io.tollgate.engine.listener;

/**
 * What one listener takes from its clients on one node, and how long it waits for them. Immutable.
 *
 * <p>A bound of 0 is none where that is said. Times are noticed up to a second late: one sweep looks at all connections.
 *
 * @param connectionsMax open connections
 * @param connectionsPerAddressMax open connections of one client address; trusted proxies are not counted
 * @param requestLineBytesMax longest request line: beyond it the answer is 414
 * @param headerFieldsMax fields of one header section: beyond it the answer is 431
 * @param headerBytesMax longest header section, of trailers too: beyond it the answer is 431
 * @param bodyBytesMax longest body of a request: beyond it the answer is 413; 0: unbounded
 * @param idleTimeoutMillis longest wait for the next request on an open connection
 * @param headerTimeoutMillis longest time from the first byte of a head to its last: beyond it the answer is 408
 * @param bodyTimeoutMillis time that every body has: beyond it, and what {@code bodyBytesPerSecondMin} adds, the answer is 408
 * @param bodyBytesPerSecondMin each so many bytes of a body give it one second more; 0: any body has the time-out's time only
 * @param requestsPerConnectionMax requests after which a connection ends; 0: unbounded
 * @param websocketFrameBytesMax longest frame of a WebSocket
 * @param websocketIdleTimeoutMillis longest silence of a WebSocket in both directions
 * @param http2StreamsMax streams of one connection that are open at once (RFC 9113, 5.1.2)
 * @param http2ResetsPerSecondMax streams that one connection may reset in a second: beyond it the connection ends
 * @param http2SettingsPerSecondMax SETTINGS frames of one connection in a second: beyond it the connection ends
 * @param http2PingsPerSecondMax PING frames of one connection in a second: beyond it the connection ends
 */
public record ListenerBounds(
        int connectionsMax,
        int connectionsPerAddressMax,
        int requestLineBytesMax,
        int headerFieldsMax,
        int headerBytesMax,
        long bodyBytesMax,
        int idleTimeoutMillis,
        int headerTimeoutMillis,
        int bodyTimeoutMillis,
        int bodyBytesPerSecondMin,
        int requestsPerConnectionMax,
        int websocketFrameBytesMax,
        int websocketIdleTimeoutMillis,
        int http2StreamsMax,
        int http2ResetsPerSecondMax,
        int http2SettingsPerSecondMax,
        int http2PingsPerSecondMax) {

    /** Of a listener that says nothing. */
    public static final ListenerBounds DEFAULTS = new ListenerBounds(
            32_768,
            // Half: no single address can take all places, and an office behind one address still fits.
            16_384,
            8_192,
            100,
            16_384,
            1_073_741_824L,
            60_000,
            10_000,
            30_000,
            500,
            100_000,
            // What is in one frame is in no buffer here: the bound is for the service behind it.
            16_777_216,
            300_000,
            128,
            200,
            100,
            1_000);

    /** How long a body of which so many bytes have come may take. */
    public long bodyMillisMax(long bytes) {
        return bodyBytesPerSecondMin == 0
                ? bodyTimeoutMillis
                : bodyTimeoutMillis + Math.min(bytes, Long.MAX_VALUE / 2_000) * 1_000 / bodyBytesPerSecondMin;
    }

    /** Whether a socket that was opened by the one may go on by the other: what it tells each client does not change. */
    boolean sharesSocketWith(ListenerBounds other) {
        return headerBytesMax == other.headerBytesMax
                && requestLineBytesMax == other.requestLineBytesMax
                && websocketFrameBytesMax == other.websocketFrameBytesMax
                && http2StreamsMax == other.http2StreamsMax
                && http2ResetsPerSecondMax == other.http2ResetsPerSecondMax;
    }

    /** Whether a body of so many bytes is too long. */
    public boolean isTooLong(long bodyBytes) {
        return bodyBytesMax > 0 && bodyBytes > bodyBytesMax;
    }
}
