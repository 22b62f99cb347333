package io.tollgate.node.exchange;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/**
 * How the body of a request is framed. Immutable.
 *
 * @param isChunked whether it comes in chunks, its length unknown
 * @param lengthBytes its length; -1 when the head names none
 */
public record RequestBody(boolean isChunked, long lengthBytes) {
    /** There is none. */
    public static final RequestBody NONE = new RequestBody(false, -1);

    private static final RequestBody CHUNKED = new RequestBody(true, -1);

    /** Reads the framing. */
    public static RequestBody of(MultiMap headers) {
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            try {
                return new RequestBody(false, Long.parseLong(length));
            } catch (NumberFormatException e) {
                // The decoder refuses such a request; it only has to be refused in good order.
                return NONE;
            }
        }
        return headers.contains(HttpHeaders.TRANSFER_ENCODING) ? CHUNKED : NONE;
    }

    /** Whether the head names the length. */
    public boolean hasLength() {
        return lengthBytes >= 0;
    }

    /** Whether body bytes follow the head. */
    public boolean isPresent() {
        return isChunked || lengthBytes > 0;
    }
}
