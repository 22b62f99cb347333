package io.tollgate.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Load from this process, for machines without wrk. Each connection asks again as soon as it is answered. It shares its core with the
 * upstream and costs more than wrk, so compare its figures only with figures of the same generator. One round at a time.
 */
final class VertxLoad implements LoadGenerator {
    /** More latencies than a round can give are not kept; the first ones stand for all. */
    private static final int SAMPLES_MAX = 4_000_000;

    @Override
    public String name() {
        return "Vert.x load generator";
    }

    @Override
    public LoadResult run(String url, Map<String, String> headers, int connections, int seconds)
            throws InterruptedException {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        try {
            CompletableFuture<LoadResult> result = new CompletableFuture<>();
            vertx.runOnContext(ignored -> new Round(vertx, url, headers, connections, seconds, result).start());
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load generator failed", e.getCause());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** One round; event-loop confined. */
    private static final class Round {
        private final HttpClient client;
        private final RequestOptions options;
        private final int connections;
        private final int seconds;
        private final CompletableFuture<LoadResult> result;
        private final long[] latenciesNanos = new long[SAMPLES_MAX];
        private long requests;
        private long errors;
        private long startNanos;
        private long endNanos;
        private int running;

        Round(
                Vertx vertx,
                String url,
                Map<String, String> headers,
                int connections,
                int seconds,
                CompletableFuture<LoadResult> result) {
            this.client = vertx.createHttpClient(
                    new HttpClientOptions().setKeepAlive(true), new PoolOptions().setHttp1MaxSize(connections));
            this.options = new RequestOptions().setAbsoluteURI(url).setMethod(HttpMethod.GET);
            headers.forEach(options::addHeader);
            this.connections = connections;
            this.seconds = seconds;
            this.result = result;
        }

        void start() {
            startNanos = System.nanoTime();
            endNanos = startNanos + seconds * 1_000_000_000L;
            running = connections;
            for (int i = 0; i < connections; i++) {
                ask();
            }
        }

        private void ask() {
            long askedNanos = System.nanoTime();
            if (askedNanos >= endNanos) {
                if (--running == 0) {
                    result.complete(summary(askedNanos));
                }
                return;
            }
            client.request(options)
                    .compose(HttpClientRequest::send)
                    .compose(response -> response.end().map(ended -> response.statusCode() / 100 == 2))
                    .onComplete(answer -> {
                        if (requests < SAMPLES_MAX) {
                            latenciesNanos[(int) requests] = System.nanoTime() - askedNanos;
                        }
                        requests++;
                        if (answer.failed() || !answer.result()) {
                            errors++;
                        }
                        ask();
                    });
        }

        private LoadResult summary(long nowNanos) {
            int samples = (int) Math.min(requests, SAMPLES_MAX);
            long[] sorted = Arrays.copyOf(latenciesNanos, samples);
            Arrays.sort(sorted);
            return new LoadResult(
                    requests,
                    errors,
                    requests * 1e9 / (nowNanos - startNanos),
                    percentileMicros(sorted, 0.50),
                    percentileMicros(sorted, 0.99));
        }

        private static long percentileMicros(long[] sorted, double share) {
            return sorted.length == 0
                    ? 0
                    : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))] / 1_000;
        }
    }
}
