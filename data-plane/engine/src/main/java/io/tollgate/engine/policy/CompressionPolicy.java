package io.tollgate.engine.policy;

import java.util.List;

/**
 * Which answers the gateway compresses, and how. Immutable.
 *
 * @param encodings in order of preference; none: nothing is compressed
 * @param level how much time a body is worth
 * @param contentTypes which media types are worth it
 * @param bytesMin answers known to be shorter pass as they are
 */
public record CompressionPolicy(
        List<ContentCoding> encodings, CompressionLevel level, MediaTypes contentTypes, int bytesMin) {
    /** Largest bound that keeps short answers out. */
    public static final int BYTES_MIN_MAX = 1 << 20;

    /** Copies the list. */
    public CompressionPolicy {
        encodings = List.copyOf(encodings);
    }

    /** The same for whoever has only these codings. */
    public CompressionPolicy only(List<ContentCoding> available) {
        return new CompressionPolicy(
                encodings.stream().filter(available::contains).toList(), level, contentTypes, bytesMin);
    }
}
