package io.tollgate.node.exchange;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/** Which fields a message's Connection field keeps from going further than the next hop (RFC 9110, 7.6.1). Functions without state. */
public final class ConnectionNames {
    private ConnectionNames() {}

    /** The fields that Connection names beside those that end here anyway; nearly always none. */
    public static NameSet of(MultiMap headers) {
        String value = headers.get(HttpHeaders.CONNECTION);
        return value == null || isCommon(value) ? NameSet.EMPTY : parse(headers.getAll(HttpHeaders.CONNECTION));
    }

    /** The same for fields of the wire, all values of Connection given. */
    public static NameSet of(List<String> connectionValues) {
        return connectionValues.isEmpty() || (connectionValues.size() == 1 && isCommon(connectionValues.get(0)))
                ? NameSet.EMPTY
                : parse(connectionValues);
    }

    private static boolean isCommon(String value) {
        return "keep-alive".equalsIgnoreCase(value) || "close".equalsIgnoreCase(value);
    }

    private static NameSet parse(List<String> values) {
        List<String> names = new ArrayList<>();
        for (String value : values) {
            int start = 0;
            while (start < value.length()) {
                int comma = value.indexOf(',', start);
                int end = comma < 0 ? value.length() : comma;
                names.add(value.substring(start, end).trim());
                start = end + 1;
            }
        }
        return NameSet.of(names);
    }
}
