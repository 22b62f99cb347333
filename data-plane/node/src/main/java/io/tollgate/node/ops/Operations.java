package io.tollgate.node.ops;

import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.telemetry.NodeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** The operations port of a node. Any thread. */
public final class Operations {
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final int IDLE_SECONDS_MAX = 60;

    private final HttpServer server;
    private final ActiveSnapshot active;
    private final NodeMetrics metrics;
    private final SnapshotText snapshotText;
    private volatile boolean serving;
    private volatile boolean draining;

    /** @param snapshotText what /snapshot tells */
    public Operations(Vertx vertx, ActiveSnapshot active, NodeMetrics metrics, SnapshotText snapshotText) {
        this.active = active;
        this.metrics = metrics;
        this.snapshotText = snapshotText;
        this.server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS_MAX))
                .requestHandler(this::handle);
    }

    /** Starts to listen; the result is the port. */
    public Future<Integer> listen(int port, String host) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    /** The proxy port is open from here on. */
    public void serving() {
        serving = true;
    }

    /** The node stops: not ready any more. */
    public void draining() {
        draining = true;
    }

    private void handle(HttpServerRequest request) {
        switch (request.path()) {
            case "/live" -> get(request, () -> text(request.response(), "live\n"));
            case "/ready" -> get(request, () -> ready(request.response()));
            case "/metrics" -> get(request, () -> metrics(request.response()));
            case "/snapshot" -> get(request, () -> snapshot(request.response()));
            default -> problem(request.response(), 404, "not-found", "Nothing is at this path.");
        }
    }

    private void get(HttpServerRequest request, Runnable answer) {
        if (HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method())) {
            answer.run();
        } else {
            request.response().putHeader("Allow", "GET, HEAD");
            problem(request.response(), 405, "method-not-allowed", "Only GET and HEAD are answered here.");
        }
    }

    private void ready(HttpServerResponse response) {
        if (draining) {
            problem(response, 503, "draining", "The node is stopping.");
        } else if (active.get() == null || !serving) {
            problem(response, 503, "not-ready", "The node holds no configuration yet.");
        } else {
            text(response, "ready\n");
        }
    }

    private void metrics(HttpServerResponse response) {
        response.putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(metrics.scrape());
    }

    private void snapshot(HttpServerResponse response) {
        response.putHeader("Content-Type", "application/json").end(snapshotText.json(active.get()));
    }

    private static void text(HttpServerResponse response, String text) {
        response.putHeader("Content-Type", "text/plain; charset=utf-8").end(text);
    }

    private static void problem(HttpServerResponse response, int status, String word, String detail) {
        response.setStatusCode(status)
                .putHeader("Content-Type", PROBLEM_JSON)
                .end("{\"type\":\"urn:tollgate:problem:" + word + "\",\"title\":\"" + word.replace('-', ' ')
                        + "\",\"status\":" + status + ",\"detail\":\"" + detail + "\"}\n");
    }
}
