package io.tollgate.node.exchange;

import java.util.List;

/**
 * An answer that a route wants the gateway itself to give. Immutable.
 *
 * @param status of HTTP
 * @param fields in order; names and values are valid
 * @param body one character per octet; empty: none
 */
public record GatewayAnswer(int status, List<Field> fields, String body) {
    /** Copies the list. */
    public GatewayAnswer {
        fields = List.copyOf(fields);
    }

    /** A header field. Immutable. */
    public record Field(String name, String value) {}
}
