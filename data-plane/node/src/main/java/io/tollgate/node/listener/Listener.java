package io.tollgate.node.listener;

import io.netty.channel.EventLoop;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.node.exchange.CallMeter;
import io.tollgate.node.exchange.LoopScratch;
import io.tollgate.node.exchange.LoopTimer;
import io.tollgate.node.proxy.Forwarder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of the front door: its share of the clients' connections, and the connections to upstreams that their
 * requests use. Event-loop confined.
 */
public final class Listener extends VerticleBase {
    /** Longest request line: beyond it the answer is 414. */
    public static final int REQUEST_LINE_BYTES_MAX = 8_192;
    /** Longest header section: beyond it the answer is 431. */
    public static final int HEADER_BYTES_MAX = 16_384;

    private static final long SECOND_MILLIS = 1_000;
    /**
     * How long after the end of accepting the answers begin to send clients away: the listening socket, shared by the loops,
     * is closed by then, so that nobody who is sent away dials into a socket that is about to close.
     */
    private static final long DRAIN_START_MILLIS = 100;

    private static final int ACCEPT_BACKLOG = 4_096;

    private final LoopParts parts;
    private final String host;
    private final int port;
    private @Nullable HttpServer server;
    private @Nullable LoopScratch scratch;
    private @Nullable RequestHandler requests;
    private volatile @Nullable Forwarder forwarder;

    /** @param port 0: any free one, the same for all loops */
    public Listener(LoopParts parts, String host, int port) {
        this.parts = parts;
        this.host = host;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        Vertx owner = vertx;
        EventLoop loop = ((ContextInternal) context).nettyEventLoop();
        Forwarder calls =
                new Forwarder((VertxInternal) owner, loop, parts.clock(), parts.counters(), parts.ownFields());
        forwarder = calls;
        LoopScratch loopScratch = new LoopScratch(
                parts.clock(), new CallMeter(parts.sink(), parts.clock()), calls, timer(owner), parts.requestIds());
        RequestHandler handler = new RequestHandler(owner, parts, loopScratch);
        owner.setPeriodic(Forwarder.SWEEP_MILLIS, tick -> calls.sweep());
        owner.setPeriodic(SECOND_MILLIS, tick -> {
            handler.sweep();
            calls.tellPools();
            parts.everySecond().run();
        });
        new LagProbe(owner, parts.clock(), parts.counters()).start();
        scratch = loopScratch;
        requests = handler;
        HttpServer listening = owner.createHttpServer(options())
                .connectionHandler(handler::onConnection)
                .requestHandler(handler::onRequest)
                .invalidRequestHandler(handler::onInvalidRequest);
        server = listening;
        // Vert.x shares one random port among the servers that ask for the same negative number.
        return listening.listen(port == 0 ? -1 : port, host);
    }

    private static LoopTimer timer(Vertx owner) {
        return new LoopTimer() {
            @Override
            public long after(long millis, Runnable work) {
                return owner.setTimer(millis, due -> work.run());
            }

            @Override
            public void cancel(long timer) {
                owner.cancelTimer(timer);
            }
        };
    }

    /** The port that is listened on; only after the start. */
    public int actualPort() {
        HttpServer listening = server;
        return listening == null ? -1 : listening.actualPort();
    }

    /** Accepts nothing more, lets the calls in flight end for at most so long, then closes. Any thread. */
    public Future<Void> drain(long timeoutMillis) {
        HttpServer listening = server;
        LoopScratch loopScratch = scratch;
        RequestHandler handler = requests;
        if (listening == null || loopScratch == null || handler == null) {
            return Future.succeededFuture();
        }
        context.runOnContext(now -> vertx.setTimer(DRAIN_START_MILLIS, started -> {
            loopScratch.drain();
            vertx.setPeriodic(Forwarder.SWEEP_MILLIS, tick -> handler.drainIdle());
        }));
        return listening.shutdown(Math.max(1, timeoutMillis), TimeUnit.MILLISECONDS);
    }

    /** Opens a connection of this loop to a target that has none; done once it is open or cannot be opened. Any thread. */
    Future<Void> warm(TargetState target, Transport transport, int connectTimeoutMillis) {
        Forwarder calls = forwarder;
        if (calls == null) {
            return Future.succeededFuture();
        }
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                now -> calls.warm(target, transport, connectTimeoutMillis).onComplete(done));
        return done.future();
    }

    /** Runs something on this loop; the future says when it is done. Any thread. */
    public Future<Void> onLoop(Runnable work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> {
            work.run();
            done.complete();
        });
        return done.future();
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setHandle100ContinueAutomatically(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setStrictThreadMode(true);
    }
}
