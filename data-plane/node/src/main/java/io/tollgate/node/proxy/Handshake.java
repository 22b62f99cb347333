package io.tollgate.node.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.tollgate.node.exchange.NameSet;
import io.tollgate.node.exchange.RequestBody;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two heads by which a connection becomes a WebSocket (RFC 6455, 4.2). Immutable functions.
 *
 * <p>Only WebSocket is upgraded to: what another protocol would carry cannot be judged, and h2c is a way around a gateway.
 */
final class Handshake {
    /** The one protocol. */
    static final String PROTOCOL = "websocket";

    private static final String UPGRADE = "upgrade";
    private static final String VERSION = "13";
    private static final int NONCE_BYTES = 16;
    private static final int KEY_CHARACTERS = 24;
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Handshake() {}

    /** The key of a request that asks for a WebSocket as it should; null for every other request. */
    static @Nullable String key(HttpServerRequest request, RequestBody body) {
        MultiMap headers = request.headers();
        String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        return key != null
                        && HttpMethod.GET.equals(request.method())
                        && request.version() == HttpVersion.HTTP_1_1
                        && !body.isPresent()
                        && names(headers.getAll(HttpHeaders.CONNECTION), UPGRADE)
                        && names(headers.getAll(HttpHeaders.UPGRADE), PROTOCOL)
                        && List.of(VERSION).equals(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
                        && headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY).size() == 1
                        && isNonce(key)
                ? key
                : null;
    }

    /** Whether a 101 is the answer to this key, and switches to nothing but WebSocket. */
    static boolean isAccepted(HttpResponse head, String key) {
        List<String> protocols = head.headers().getAll(HttpHeaderNames.UPGRADE);
        List<String> accepts = head.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        return names(head.headers().getAll(HttpHeaderNames.CONNECTION), UPGRADE)
                && protocols.size() == 1
                && NameSet.equalsFolded(protocols.get(0), PROTOCOL)
                && accepts.size() == 1
                && accepts.get(0).equals(accept(key))
                && !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    private static boolean isNonce(String key) {
        try {
            return key.length() == KEY_CHARACTERS && Base64.getDecoder().decode(key).length == NONCE_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean names(List<String> values, String token) {
        for (String value : values) {
            for (String one : value.split(",", -1)) {
                if (NameSet.equalsFolded(one.trim(), token)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
