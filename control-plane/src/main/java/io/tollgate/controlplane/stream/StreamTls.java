package io.tollgate.controlplane.stream;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tollgate.controlplane.StartRefused;
import io.tollgate.controlplane.join.NodeCertificates;
import io.tollgate.controlplane.join.StreamAuthority;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the streams, with the authority's certificates or the operator's files. A certificate of the authority is issued anew when half of
 * its life is over, and shown from the next handshake on. Start-up thread, and one of its own.
 */
@ApplicationScoped
public class StreamTls {
    /** A control plane's own certificate is renewed by itself and needs nobody's leave: it can be short. */
    static final Duration OWN_LIFETIME_MAX = Duration.ofDays(1);

    private static final Logger LOG = Logger.getLogger(StreamTls.class);
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final StreamSettings settings;
    private final StreamAuthority authority;
    private final Duration lifetime;
    private @Nullable ScheduledExecutorService renewal;

    StreamTls(StreamSettings settings, StreamAuthority authority, NodeCertificates certificates) {
        this.settings = settings;
        this.authority = authority;
        Duration ofNodes = certificates.lifetime();
        this.lifetime = ofNodes.compareTo(OWN_LIFETIME_MAX) < 0 ? ofNodes : OWN_LIFETIME_MAX;
    }

    /** Absent where the stream is plain text. */
    @Nullable
    SslContext open() throws StartRefused {
        try {
            return switch (settings.mode()) {
                case PLAIN -> null;
                case FILES -> ofFiles();
                case OWN_AUTHORITY -> ofAuthority();
            };
        } catch (SSLException | IllegalArgumentException e) {
            throw new StartRefused(
                    "TLS of the stream: " + e.getMessage()
                            + " (expected: PEM files in TOLLGATE_STREAM_CERTIFICATE, TOLLGATE_STREAM_KEY and TOLLGATE_STREAM_TRUST)");
        }
    }

    void close() {
        ScheduledExecutorService running = renewal;
        if (running != null) {
            running.shutdownNow();
        }
    }

    private SslContext ofFiles() throws SSLException {
        SslContextBuilder tls = GrpcSslContexts.forServer(
                new File(settings.certificate().orElseThrow()),
                new File(settings.key().orElseThrow()));
        settings.trust().ifPresent(trust -> tls.trustManager(new File(trust)).clientAuth(ClientAuth.REQUIRE));
        return tls.build();
    }

    private SslContext ofAuthority() throws SSLException {
        List<String> names = names();
        ServerKeys keys = new ServerKeys(authority.issueToServer(names, lifetime));
        ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "stream-certificate");
            thread.setDaemon(true);
            return thread;
        });
        renewal = renewing;
        long periodMillis = lifetime.toMillis() / 2;
        renewing.scheduleAtFixedRate(() -> renew(keys, names), periodMillis, periodMillis, TimeUnit.MILLISECONDS);
        LOG.infof("event=stream-certificate names=%s lifetime_seconds=%d", names, lifetime.toSeconds());
        // Asked for and not required: whoever joins has none. That all others show one is judged by call.
        return GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
                .trustManager(authority.certificate())
                .clientAuth(ClientAuth.OPTIONAL)
                .protocols("TLSv1.3")
                .build();
    }

    private void renew(ServerKeys keys, List<String> names) {
        try {
            keys.replace(authority.issueToServer(names, lifetime));
        } catch (RuntimeException e) {
            LOG.error("event=stream-certificate-not-renewed", e);
        }
    }

    /** By which nodes may dial this control plane. */
    private List<String> names() {
        List<String> names = new ArrayList<>(settings.names());
        if (!settings.isWildcard() && !names.contains(settings.host())) {
            names.add(settings.host());
        }
        if (settings.isWildcard() || settings.isLoopback()) {
            LOOPBACK.stream().filter(name -> !names.contains(name)).forEach(names::add);
        }
        return List.copyOf(names);
    }
}
