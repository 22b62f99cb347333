package io.tollgate.node.proxy;

import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.ContentCoding;
import io.tollgate.node.coding.AcceptedCoding;
import io.tollgate.node.exchange.Exchange;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an answer is compressed, and makes its head say so. Functions without state.
 *
 * <p>Left alone is what is encoded already, what is only a part of something (RFC 9110, 14), what nobody may transform (RFC 9111,
 * 5.2.1.6 and 5.2.2.6), and what has a digest that would not hold any more (RFC 9530). A strong validator becomes a weak one, since
 * the bytes are others (RFC 9110, 8.8.1); ranges of them are not offered.
 */
public final class AnswerCoding {
    private static final CharSequence CONTENT_ENCODING = HttpHeaders.createOptimized("Content-Encoding");
    private static final CharSequence CONTENT_RANGE = HttpHeaders.createOptimized("Content-Range");
    private static final CharSequence ACCEPT_RANGES = HttpHeaders.createOptimized("Accept-Ranges");
    private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("Cache-Control");
    private static final CharSequence VARY = HttpHeaders.createOptimized("Vary");
    private static final CharSequence ETAG = HttpHeaders.createOptimized("ETag");
    private static final List<CharSequence> DIGESTS = List.of(
            HttpHeaders.createOptimized("Content-Digest"),
            HttpHeaders.createOptimized("Repr-Digest"),
            HttpHeaders.createOptimized("Digest"),
            HttpHeaders.createOptimized("Content-MD5"));

    private AnswerCoding() {}

    /**
     * @param policy what applies
     * @param length of the body as it is; below 0 when it is not known
     * @param head of the answer to the client, all edits done; changed here
     * @return null: the body goes as it is
     */
    public static @Nullable ContentCoding choose(
            CompressionPolicy policy, Exchange exchange, int status, long length, MultiMap head) {
        if (status == 304) {
            // Its 200 may have been compressed, and a cache looks for that by this validator (RFC 9111, 4.3.4).
            weaken(head);
            vary(head);
            return null;
        }
        String type = head.get(HttpHeaders.CONTENT_TYPE);
        MultiMap asked = exchange.request().headers();
        if (!mayHaveContent(status)
                || length == 0
                || type == null
                || !policy.contentTypes().contain(type)
                || head.contains(CONTENT_ENCODING)
                || head.contains(CONTENT_RANGE)
                || isUntouchable(head)
                || isUntouchable(asked)
                || hasDigest(head)) {
            return null;
        }
        vary(head);
        boolean worthIt = length < 0 || length >= policy.bytesMin();
        ContentCoding coding =
                AcceptedCoding.choose(asked.getAll(HttpHeaders.ACCEPT_ENCODING), policy.encodings(), worthIt);
        if (coding != null) {
            head.set(CONTENT_ENCODING, coding.token());
            head.remove(ACCEPT_RANGES);
            weaken(head);
        }
        return coding;
    }

    private static boolean mayHaveContent(int status) {
        return status >= 200 && status != 204 && status != 205 && status != 206;
    }

    private static boolean isUntouchable(MultiMap head) {
        return holds(head.getAll(CACHE_CONTROL), "no-transform");
    }

    private static boolean hasDigest(MultiMap head) {
        for (CharSequence name : DIGESTS) {
            if (head.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static void weaken(MultiMap head) {
        String tag = head.get(ETAG);
        if (tag != null && tag.startsWith("\"")) {
            head.set(ETAG, "W/" + tag);
        }
    }

    private static void vary(MultiMap head) {
        List<String> values = head.getAll(VARY);
        if (values.isEmpty()) {
            head.set(VARY, "Accept-Encoding");
        } else if (!holds(values, "*") && !holds(values, "Accept-Encoding")) {
            head.set(VARY, String.join(", ", values) + ", Accept-Encoding");
        }
    }

    /** Whether one of the comma-separated members is this one, in any case. */
    private static boolean holds(List<String> values, String member) {
        for (String value : values) {
            for (String each : value.split(",", -1)) {
                if (each.trim().equalsIgnoreCase(member)) {
                    return true;
                }
            }
        }
        return false;
    }
}
