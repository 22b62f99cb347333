package io.tollgate.node.smuggling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request as its client sends it over HTTP/2, right or wrong. Immutable.
 *
 * @param number stands in its path
 * @param head fields in their order, pseudo-header fields as any other
 * @param data the body, a DATA frame each
 * @param trailers null where there are none
 * @param fault what is wrong with its frames
 */
record Http2Attempt(
        int number,
        List<Field> head,
        List<String> data,
        @Nullable List<Field> trailers,
        Fault fault) {

    /** A field; one character per octet. */
    record Field(String name, String value) {}

    /** What a client may do wrong beyond the fields. */
    enum Fault {
        NONE(false),
        /** Its client resets it instead of ending it. */
        RESET(false),
        /** A second header section that does not end the stream, then the rest of the body. */
        HEAD_AMID(true),
        /** Another head on the stream behind its end. */
        HEAD_BEHIND(true),
        /** Another request as DATA behind the end. */
        DATA_BEHIND(true),
        STREAM_OF_SERVERS(true),
        STREAM_ZERO(true),
        STREAM_AGAIN(true),
        /** DATA between HEADERS and CONTINUATION. */
        BLOCK_TORN(true),
        /** CONTINUATION of another stream. */
        BLOCK_OF_ANOTHER(true),
        /** CONTINUATION without HEADERS. */
        BLOCK_WITHOUT_HEAD(true),
        PADDING_TOO_LONG(true),
        FRAME_TOO_LONG(true),
        INDEX_ZERO(true),
        INDEX_OF_NOTHING(true),
        TEXT_CUT(true),
        TABLE_TOO_LARGE(true);

        private final boolean endsConnection;

        Fault(boolean endsConnection) {
            this.endsConnection = endsConnection;
        }

        /** Whether the connection may end by it, so that nothing can follow. */
        boolean endsConnection() {
            return endsConnection;
        }
    }

    Http2Attempt {
        head = List.copyOf(head);
        data = List.copyOf(data);
        trailers = trailers == null ? null : List.copyOf(trailers);
    }

    String body() {
        return String.join("", data);
    }
}
