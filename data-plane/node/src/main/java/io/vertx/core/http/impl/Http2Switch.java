package io.vertx.core.http.impl;

import io.netty.channel.ChannelHandler;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;

/**
 * Makes the handler that speaks HTTP/2 on a connection which a server of Vert.x set up for HTTP/1.1. Stands in the package of
 * Vert.x, which keeps the maker of that handler to itself (decision 0009). Immutable functions.
 */
public final class Http2Switch {
    private Http2Switch() {}

    /**
     * The handler, to be put in the place of the one that Vert.x calls {@code handler}, before anything was read.
     *
     * @param context of the connection
     * @param connections hears of the connection once its client has sent its settings
     * @param requests hears of each request
     */
    public static ChannelHandler handler(
            ContextInternal context,
            HttpServer server,
            HttpServerOptions options,
            Handler<HttpConnection> connections,
            Handler<HttpServerRequest> requests) {
        return new HttpServerConnectionInitializer(
                        context,
                        context.threadingModel(),
                        () -> context,
                        (HttpServerImpl) server,
                        context.owner(),
                        options,
                        "",
                        connection -> {
                            // What breaks a connection is its client's business, and ends each of its calls.
                            connection.exceptionHandler(broken -> {});
                            connection.handler(requests);
                            context.dispatch(connection, connections::handle);
                        },
                        failed -> {},
                        null)
                .buildHttp2ConnectionHandler();
    }
}
