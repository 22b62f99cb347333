package io.tollgate.node.proxy;

import io.netty.util.AsciiString;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.RequestBody;
import java.nio.charset.StandardCharsets;

/** A request head that is being written, in the form of one version of HTTP. Reused; event-loop confined. */
sealed interface HeadForm extends HeadSink permits HeadWriter, Http2HeadWriter {
    /** A field name of the gateway's own, in both forms. Immutable. */
    final class OwnName {
        private final byte[] lineStart;
        private final AsciiString lower;

        OwnName(String name) {
            this.lineStart = (name + ": ").getBytes(StandardCharsets.US_ASCII);
            this.lower = AsciiString.cached(name).toLowerCase();
        }

        byte[] lineStart() {
            return lineStart;
        }

        AsciiString lower() {
            return lower;
        }
    }

    /** Starts a head, forgetting the one before; {@code secure}: for a target over TLS. */
    void begin(String method, boolean secure);

    /** Appends a part of the target. */
    HeadForm target(CharSequence part);

    /** The target is whole. */
    void endTarget();

    /** For whom the request is. */
    void host(CharSequence host);

    /** Appends one field that came from the wire and was checked there. */
    void copy(CharSequence name, CharSequence value);

    /** Appends one field whose value is known to be valid. */
    void own(OwnName name, CharSequence value);

    /** Says that trailers are understood. */
    void trailersWelcome();

    /** Says how the body comes. */
    void frame(RequestBody body);
}
