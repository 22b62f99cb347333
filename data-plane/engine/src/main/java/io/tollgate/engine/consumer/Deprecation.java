package io.tollgate.engine.consumer;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What callers are told whose credential has a successor. Immutable.
 *
 * @param deprecationField value of the Deprecation field (RFC 9745): since when
 * @param sunsetField value of the Sunset field (RFC 8594): until when it works at most; empty when it has no end
 */
public record Deprecation(String deprecationField, String sunsetField) {
    // RFC 9110, 5.6.7.
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final long MILLIS_PER_SECOND = 1_000;

    /**
     * What is told of a credential.
     *
     * @param sinceMillis milliseconds since the Unix epoch
     * @param endMillis the same; {@link Long#MAX_VALUE}: it has no end
     */
    public static Deprecation of(long sinceMillis, long endMillis) {
        return new Deprecation(
                "@" + sinceMillis / MILLIS_PER_SECOND,
                endMillis == Long.MAX_VALUE ? "" : HTTP_DATE.format(Instant.ofEpochMilli(endMillis)));
    }
}
