package io.tollgate.e2e.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Serves the sample API on one event loop, as a process of its own.
 *
 * <p>The first argument is the port, or else {@code TOLLGATE_UPSTREAM_PORT}, or else 8000; 0 takes any free one. The address is {@code
 * TOLLGATE_UPSTREAM_HOST}, by default 127.0.0.1. Once it listens it prints {@code {"event":"listening","upstream_port":N}}.
 *
 * <p>Thread: main starts it; everything else is event-loop confined.
 */
public final class SampleUpstream {
    static final int PORT_DEFAULT = 8000;
    private static final long CLOSE_SECONDS_MAX = 2;

    private SampleUpstream() {}

    public static void main(String[] arguments) {
        String port = arguments.length > 0
                ? arguments[0]
                : environment("TOLLGATE_UPSTREAM_PORT", Integer.toString(PORT_DEFAULT));
        String host = environment("TOLLGATE_UPSTREAM_HOST", "127.0.0.1");
        int number;
        try {
            number = Integer.parseInt(port);
        } catch (NumberFormatException e) {
            number = -1;
        }
        if (number < 0 || number > 65535) {
            stop("port " + port + " (expected: 0 to 65535)");
            return;
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        HttpServerOptions options =
                new HttpServerOptions().setHost(host).setPort(number).setHandle100ContinueAutomatically(true);
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(new SampleApi(vertx))
                .webSocketHandshakeHandler(SampleApi::shakeHands)
                .webSocketHandler(SampleApi::echo);
        server.listen()
                .onSuccess(bound -> {
                    stopOnSignal(vertx);
                    System.out.println("{\"event\":\"listening\",\"upstream_port\":" + bound.actualPort() + "}");
                })
                .onFailure(failure -> stop("cannot listen on " + host + ":" + port + ": " + failure.getMessage()));
    }

    /** A termination signal is the ordinary end of this process: status 0. */
    private static void stopOnSignal(Vertx vertx) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(vertx), "stop"));
    }

    private static void close(Vertx vertx) {
        try {
            vertx.close().await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            System.err.println("tollgate-upstream: calls were still open after " + CLOSE_SECONDS_MAX + " seconds");
        }
        Runtime.getRuntime().halt(0);
    }

    private static void stop(String reason) {
        System.err.println("tollgate-upstream: " + reason);
        Runtime.getRuntime().halt(1);
    }

    private static String environment(String key, String otherwise) {
        String value = System.getenv(key);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
