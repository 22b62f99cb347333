package io.tollgate.node.trace;

import java.net.URI;

/**
 * Which calls are traced, and who gets the spans. Immutable.
 *
 * @param endpoint where spans are posted to, in protobuf (OTLP/HTTP)
 * @param ratio share of the traces begun here that are recorded, 0 to 1
 * @param followsClients whether a client's trace context is continued, its choice of recording included; otherwise each request
 *     begins a trace
 */
public record TraceSettings(URI endpoint, double ratio, boolean followsClients) {
    /** Reads them from their texts. Throws IllegalArgumentException for what is none. */
    public static TraceSettings parse(String endpoint, String ratio, String parent) {
        if (!parent.equals("anyone") && !parent.equals("nobody")) {
            throw new IllegalArgumentException("PARENT " + parent + " (expected: anyone or nobody)");
        }
        return new TraceSettings(parseEndpoint(endpoint), parseRatio(ratio), parent.equals("anyone"));
    }

    private static URI parseEndpoint(String text) {
        URI endpoint = URI.create(text);
        String scheme = endpoint.getScheme();
        if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "ENDPOINT " + text + " (expected: a URL such as http://127.0.0.1:4318/v1/traces)");
        }
        return endpoint;
    }

    private static double parseRatio(String text) {
        try {
            double ratio = Double.parseDouble(text);
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException e) {
            throw noRatio(text);
        }
        throw noRatio(text);
    }

    private static IllegalArgumentException noRatio(String text) {
        return new IllegalArgumentException("RATIO " + text + " (expected: a number from 0 to 1)");
    }
}
