package io.tollgate.node.credential;

import io.tollgate.engine.tls.TrustRoot;
import io.tollgate.engine.token.KeyFault;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.node.secure.TargetSecurity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fetches one JWK set, following no redirect. Confined to one event loop. */
final class KeyFetch {
    /** For the whole of it: a call may wait for this. */
    static final long MILLIS_MAX = 5_000;
    /** The sets of the large providers have some ten thousand. */
    static final int BYTES_MAX = 512 * 1_024;

    private static final Pattern MAX_AGE =
            Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);
    private static final Pattern NOT_KEPT =
            Pattern.compile("(?:^|[,\\s])(?:no-store|no-cache)\\b", Pattern.CASE_INSENSITIVE);

    private final Vertx vertx;
    private final HttpClient client;
    private final String url;

    KeyFetch(Vertx vertx, TokenIssuer.Keys.Fetched from) {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout((int) MILLIS_MAX)
                .setMaxInitialLineLength(4_096)
                .setMaxHeaderSize(16_384);
        TrustRoot believed = from.trustRoot();
        if (believed != null) {
            options.setTrustOptions(TargetSecurity.trust(believed));
        }
        this.vertx = vertx;
        client = vertx.createHttpClient(options);
        url = from.url();
    }

    /**
     * What came. Immutable.
     *
     * @param document the JWK set as it came
     * @param maxAgeSeconds how long it may be kept; negative: it does not say
     */
    record Answer(KeySet keys, String document, long maxAgeSeconds) {}

    /** Asks once. */
    Future<Answer> get() {
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(url)
                .setMethod(HttpMethod.GET)
                .setTimeout(MILLIS_MAX)
                .setFollowRedirects(false)
                .putHeader("Accept", "application/jwk-set+json, application/json")
                .putHeader("User-Agent", "tollgate");
        return client.request(options)
                .compose(request -> request.send())
                .compose(this::read)
                .timeout(MILLIS_MAX, TimeUnit.MILLISECONDS);
    }

    void close() {
        client.close();
    }

    private Future<Answer> read(HttpClientResponse response) {
        // Also when it is ended here, which is no news.
        response.exceptionHandler(broken -> {});
        if (response.statusCode() != 200) {
            response.request().reset();
            return Future.failedFuture("status " + response.statusCode() + " (expected: 200)");
        }
        String cacheControl = response.getHeader("Cache-Control");
        Promise<String> done = Promise.promise();
        Buffer all = Buffer.buffer();
        response.exceptionHandler(done::tryFail);
        response.handler(chunk -> {
            if (all.length() + chunk.length() > BYTES_MAX) {
                response.request().reset();
                done.tryFail("more than " + BYTES_MAX + " bytes");
            } else {
                all.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> done.tryComplete(all.toString(StandardCharsets.UTF_8)));
        // Many keys take longer to read than an event loop may be held.
        return done.future().compose(document -> vertx.executeBlocking(() -> parse(document, maxAge(cacheControl))));
    }

    private static Answer parse(String document, long maxAgeSeconds) throws KeyFault {
        KeySet keys = KeySet.ofJwks(document, KeySet.Unfit.LEFT_OUT);
        if (keys.keys().isEmpty()) {
            // An issuer without keys issues nothing; rather a mistake than a wish.
            throw new KeyFault("no key that signs tokens");
        }
        return new Answer(keys, document, maxAgeSeconds);
    }

    static long maxAge(@Nullable String cacheControl) {
        if (cacheControl == null) {
            return -1;
        }
        if (NOT_KEPT.matcher(cacheControl).find()) {
            return 0;
        }
        Matcher found = MAX_AGE.matcher(cacheControl);
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }
}
