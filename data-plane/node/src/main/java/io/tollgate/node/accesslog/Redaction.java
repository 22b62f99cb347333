package io.tollgate.node.accesslog;

import io.netty.util.NetUtil;
import io.tollgate.engine.route.QueryString;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * What is left out of what is logged. Immutable.
 *
 * @param truncatesAddresses whether only the network of a client is told: 24 bits of an IPv4 address, 48 of an IPv6 one
 * @param maskedParameters names of query parameters whose values are not told, in lower case
 */
record Redaction(boolean truncatesAddresses, Set<String> maskedParameters) {
    static final String MASK = "***";

    private static final int IPV4_BYTES_KEPT = 3;
    private static final int IPV6_BYTES_KEPT = 6;

    Redaction {
        maskedParameters = Set.copyOf(maskedParameters);
    }

    String address(String address) {
        byte[] bytes = truncatesAddresses ? NetUtil.createByteArrayFromIpAddressString(address) : null;
        if (bytes == null) {
            return address;
        }
        Arrays.fill(bytes, bytes.length == 4 ? IPV4_BYTES_KEPT : IPV6_BYTES_KEPT, bytes.length, (byte) 0);
        return NetUtil.bytesToIpAddress(bytes);
    }

    /** The query with the values of masked parameters replaced. */
    String query(String query) {
        if (query.isEmpty() || maskedParameters.isEmpty()) {
            return query;
        }
        StringBuilder told = new StringBuilder(query.length());
        for (int start = 0; start < query.length(); ) {
            int end = QueryString.end(query, start);
            int equals = QueryString.nameEnd(query, start, end);
            told.append(query, start, equals);
            if (equals < end) {
                if (maskedParameters.contains(name(query.substring(start, equals)))) {
                    told.append('=').append(MASK);
                } else {
                    told.append(query, equals, end);
                }
            }
            if (end < query.length()) {
                told.append('&');
            }
            start = end + 1;
        }
        return told.toString();
    }

    private static String name(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // A name that cannot be decoded is none of those that are masked.
            return encoded;
        }
    }
}
