package io.tollgate.node.ops;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.tollgate.engine.explain.ExplainQuestion;
import io.tollgate.engine.explain.Explainer;
import io.tollgate.node.pipeline.CompiledSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The operations port of a node. Any thread. */
public final class Operations {
    private static final Logger LOG = Logger.getLogger(Operations.class.getName());
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final int IDLE_SECONDS_MAX = 60;

    /** Longest question: a hundred header fields of the longest kind would be refused by the proxy port as well. */
    private static final int QUESTION_BYTES_MAX = 64 * 1024;

    private final Vertx vertx;
    private final HttpServer server;
    private final OperationsParts parts;
    private volatile boolean serving;
    private volatile boolean draining;

    /** @param parts what is told */
    public Operations(Vertx vertx, OperationsParts parts) {
        this.vertx = vertx;
        this.parts = parts;
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
            case "/upstreams" -> get(request, () -> upstreams(request.response()));
            case "/explain" -> explain(request);
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
        } else if (parts.active().get() == null || !serving) {
            problem(response, 503, "not-ready", "The node holds no configuration yet.");
        } else {
            text(response, "ready\n");
        }
    }

    private void metrics(HttpServerResponse response) {
        response.putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(parts.metrics().scrape());
    }

    private void snapshot(HttpServerResponse response) {
        response.putHeader("Content-Type", "application/json")
                .end(parts.snapshotText().json(parts.active().get()));
    }

    private void upstreams(HttpServerResponse response) {
        response.putHeader("Content-Type", "application/json")
                .end(UpstreamsText.json(parts.active().get(), parts.clock().epochMillis()));
    }

    private void explain(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!HttpMethod.POST.equals(request.method())) {
            response.putHeader("Allow", "POST");
            problem(response, 405, "method-not-allowed", "Only POST is answered here.");
            return;
        }
        Buffer question = Buffer.buffer();
        request.handler(part -> {
            if (question.length() + part.length() <= QUESTION_BYTES_MAX) {
                question.appendBuffer(part);
            } else if (!response.ended()) {
                response.putHeader("Connection", "close");
                problem(response, 413, "too-large", "A question has at most " + QUESTION_BYTES_MAX + " bytes.");
            }
        });
        request.endHandler(end -> {
            if (!response.ended()) {
                explain(question.getBytes(), response);
            }
        });
    }

    private void explain(byte[] text, HttpServerResponse response) {
        CompiledSnapshot snapshot = parts.active().get();
        if (snapshot == null) {
            problem(response, 503, "not-ready", "The node holds no configuration yet.");
            return;
        }
        ExplainQuestion question;
        try {
            question = ExplainText.read(text, parts.clock().epochMillis());
        } catch (ExplainText.QuestionException e) {
            problem(response, 400, "bad-request", String.valueOf(e.getMessage()));
            return;
        }
        // Asks every route, which is too long for a loop that has calls to carry.
        vertx.executeBlocking(
                        () -> ExplainText.json(Explainer.explain(snapshot.configuration(), question, parts.keysOf())))
                .onSuccess(json ->
                        response.putHeader("Content-Type", "application/json").end(json))
                .onFailure(bug -> {
                    LOG.log(Level.SEVERE, "event=explain-failed", bug);
                    problem(response, 500, "internal", "The node failed to explain this.");
                });
    }

    private static void text(HttpServerResponse response, String text) {
        response.putHeader("Content-Type", "text/plain; charset=utf-8").end(text);
    }

    private static void problem(HttpServerResponse response, int status, String word, String detail) {
        response.setStatusCode(status)
                .putHeader("Content-Type", PROBLEM_JSON)
                .end("{\"type\":\"urn:tollgate:problem:" + word + "\",\"title\":\"" + word.replace('-', ' ')
                        + "\",\"status\":" + status + ",\"detail\":\""
                        + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(detail)) + "\"}\n");
    }
}
