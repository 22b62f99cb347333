package io.tollgate.node.trace;

import io.tollgate.node.exchange.Believed;
import java.net.URI;

/**
 * Which calls are traced, and who gets the spans. Immutable.
 *
 * @param endpoint where spans are posted to, in protobuf (OTLP/HTTP)
 * @param ratio share of the traces begun here that are recorded, 0 to 1
 * @param parent whose trace context is continued, its choice of recording included; requests of others begin a trace
 */
public record TraceSettings(URI endpoint, double ratio, Believed parent) {
    /** Reads them from their texts. Throws IllegalArgumentException for what is none. */
    public static TraceSettings parse(String endpoint, String ratio, String parent) {
        return new TraceSettings(parseEndpoint(endpoint), parseRatio(ratio), parseParent(parent));
    }

    private static Believed parseParent(String text) {
        try {
            return Believed.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("PARENT " + e.getMessage(), e);
        }
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
