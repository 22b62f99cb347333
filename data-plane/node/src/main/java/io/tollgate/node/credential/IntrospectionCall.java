package io.tollgate.node.credential;

import io.tollgate.engine.tls.TrustRoot;
import io.tollgate.engine.token.IntrospectionAnswer;
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
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Asks one issuer about tokens over HTTP (RFC 7662, 2.1), following no redirect. Confined to one event loop. */
final class IntrospectionCall {
    /** An answer is some hundred bytes; those that list all groups of somebody have some thousand. */
    static final int BYTES_MAX = 64 * 1_024;
    /** Connections to one issuer: what more would ask waits for these. */
    static final int CONNECTIONS_MAX = 32;

    private static final int IDLE_SECONDS = 30;

    private final Vertx vertx;
    private final HttpClient client;
    private final TokenIssuer.Introspection how;

    IntrospectionCall(Vertx vertx, TokenIssuer.Keys.Asked asked) {
        this.vertx = vertx;
        how = asked.how();
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) how.timeoutMillis())
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(4_096)
                .setMaxHeaderSize(16_384);
        TrustRoot believed = asked.trustRoot();
        if (believed != null) {
            options.setTrustOptions(TargetSecurity.trust(believed));
        }
        client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
    }

    /**
     * What came. Immutable.
     *
     * @param bytes of the answer
     */
    record Answered(IntrospectionAnswer answer, int bytes) {}

    /** Asks once; fails when no answer comes in time. */
    Future<Answered> ask(String token) {
        String body = "token=" + form(token) + "&token_type_hint=access_token";
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(how.url())
                .setMethod(HttpMethod.POST)
                .setTimeout(how.timeoutMillis())
                .setFollowRedirects(false)
                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                .putHeader("Accept", "application/json")
                .putHeader("User-Agent", "tollgate");
        if (how.inBody()) {
            body += "&client_id=" + form(how.clientId()) + "&client_secret=" + form(how.clientSecret());
        } else {
            // RFC 6749, 2.3.1: both are encoded as in a form first.
            String both = form(how.clientId()) + ":" + form(how.clientSecret());
            options.putHeader(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII)));
        }
        Buffer sent = Buffer.buffer(body);
        return client.request(options)
                .compose(request -> request.send(sent))
                .compose(this::read)
                .timeout(how.timeoutMillis(), TimeUnit.MILLISECONDS);
    }

    private static String form(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    void close() {
        client.close();
    }

    private Future<Answered> read(HttpClientResponse response) {
        // Also when it is ended here, which is no news.
        response.exceptionHandler(broken -> {});
        if (response.statusCode() != 200) {
            response.request().reset();
            return Future.failedFuture("status " + response.statusCode() + " (expected: 200)");
        }
        Promise<Buffer> done = Promise.promise();
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
        response.endHandler(end -> done.tryComplete(all));
        // Reading it may take longer than an event loop may be held; which one is first does not matter.
        return done.future().compose(document -> vertx.executeBlocking(() -> parse(document.getBytes()), false));
    }

    private static Answered parse(byte[] document) {
        IntrospectionAnswer answer = IntrospectionAnswer.read(document);
        if (answer == null) {
            throw new IllegalArgumentException("no answer (expected: a JSON object with a member active)");
        }
        return new Answered(answer, document.length);
    }
}
