package io.tollgate.node.proxy;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.tollgate.node.exchange.RequestBody;
import java.nio.charset.StandardCharsets;

/** Writes a request head of HTTP/2 as its fields (RFC 9113, 8.2 and 8.3.1). Reused; event-loop confined. */
final class Http2HeadWriter implements HeadForm {
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

    private final StringBuilder target = new StringBuilder();
    private Http2Headers headers = fresh();

    @Override
    public void begin(String method, boolean secure) {
        headers = fresh().method(method).scheme(secure ? HTTPS : HTTP);
        target.setLength(0);
    }

    @Override
    public Http2HeadWriter target(CharSequence part) {
        target.append(part);
        return this;
    }

    @Override
    public void endTarget() {
        headers.path(target.toString());
    }

    @Override
    public void host(CharSequence host) {
        headers.authority(host);
    }

    @Override
    public void copy(CharSequence name, CharSequence value) {
        headers.add(AsciiString.of(name).toLowerCase(), value);
    }

    @Override
    public void add(CharSequence name, CharSequence value) {
        CharSequence written = HeadWriter.isPrintable(value)
                ? value
                : new AsciiString(HeadWriter.withoutControls(value).getBytes(StandardCharsets.UTF_8), false);
        headers.add(AsciiString.of(name).toLowerCase(), written);
    }

    @Override
    public void own(OwnName name, CharSequence value) {
        headers.add(name.lower(), value);
    }

    @Override
    public void trailersWelcome() {
        headers.add(TE, TRAILERS);
    }

    @Override
    public void frame(RequestBody body) {
        if (body.hasLength()) {
            headers.add(CONTENT_LENGTH, Long.toString(body.lengthBytes()));
        }
    }

    /** What was written since {@link #begin}. */
    Http2Headers taken() {
        return headers;
    }

    private static Http2Headers fresh() {
        // Names and values were checked where they came in.
        return new DefaultHttp2Headers(false);
    }
}
