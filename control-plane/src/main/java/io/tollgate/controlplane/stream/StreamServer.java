package io.tollgate.controlplane.stream;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tollgate.controlplane.StartRefused;
import io.tollgate.controlplane.snapshot.ConfigurationMirror;
import io.tollgate.controlplane.usage.UsageStream;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC server of both streams, on a port of its own: nodes and operators live in different networks. Its calls run on
 * threads that may block, each call's messages in order. Started and stopped by Quarkus's main thread.
 */
@ApplicationScoped
public class StreamServer {
    /** After everything that fills the database at a first start. */
    static final int START_PRIORITY = 5_000;

    /** Larger than any message that a node may send: a usage batch is bounded by its segment. */
    private static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

    /** One for each batch that waits for the database; beyond that nodes wait in their journals. */
    private static final int THREADS = 16;

    private static final long STOP_SECONDS_MAX = 5;

    private final StreamSettings settings;
    private final StreamTls tls;
    private final CertificateCheck certificates;
    private final JoinEndpoint joins;
    private final ConfigurationMirror mirror;
    private final ConfigStream configuration;
    private final UsageStream usage;
    private final RevisionFeed feed;
    private final Sessions sessions;
    private @Nullable Server server;
    private @Nullable ExecutorService threads;

    StreamServer(
            StreamSettings settings,
            StreamTls tls,
            CertificateCheck certificates,
            JoinEndpoint joins,
            ConfigurationMirror mirror,
            ConfigStream configuration,
            UsageStream usage,
            RevisionFeed feed,
            Sessions sessions) {
        this.settings = settings;
        this.tls = tls;
        this.certificates = certificates;
        this.joins = joins;
        this.mirror = mirror;
        this.configuration = configuration;
        this.usage = usage;
        this.feed = feed;
        this.sessions = sessions;
    }

    void start(@Observes @Priority(START_PRIORITY) StartupEvent event) throws StartRefused {
        mirror.load();
        feed.start();
        sessions.start();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS, named("stream-"));
        threads = pool;
        try {
            NettyServerBuilder builder = NettyServerBuilder.forAddress(
                            new InetSocketAddress(settings.host(), settings.port()))
                    .executor(pool)
                    .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                    .permitKeepAliveTime(1, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .addService(configuration)
                    .addService(usage);
            if (settings.mode() == StreamMode.OWN_AUTHORITY) {
                builder.intercept(certificates).addService(joins);
            } else {
                builder.intercept(new JoinTokenCheck(settings.joinToken().orElseThrow()));
            }
            SslContext encryption = tls.open();
            if (encryption != null) {
                builder.sslContext(encryption);
            }
            server = builder.build().start();
        } catch (IOException e) {
            throw new StartRefused("cannot listen on " + settings.host() + ":" + settings.port() + ": " + rootMessage(e)
                    + " (stop what listens there, or set TOLLGATE_STREAM_PORT)");
        }
    }

    /** The port that it listens on. */
    public int port() {
        Server started = server;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started.getPort();
    }

    void stop(@Observes ShutdownEvent event) {
        // Nodes are told first, so that they dial a peer instead of waiting for a broken connection.
        sessions.stop();
        feed.stop();
        tls.close();
        Server started = server;
        if (started != null) {
            started.shutdown();
            try {
                if (!started.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                    started.shutdownNow();
                }
            } catch (InterruptedException e) {
                started.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        if (threads != null) {
            threads.shutdown();
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
