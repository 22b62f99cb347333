package io.tollgate.controlplane.stream;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the streams listen and what a node must show. Immutable. */
@ApplicationScoped
public class StreamSettings {
    private final String host;
    private final int port;
    private final StreamMode mode;
    private final List<String> names;
    private final Optional<String> joinToken;
    private final Optional<String> certificate;
    private final Optional<String> key;
    private final Optional<String> trust;

    StreamSettings(
            @ConfigProperty(name = "tollgate.stream.host", defaultValue = "127.0.0.1") String host,
            @ConfigProperty(name = "tollgate.stream.port", defaultValue = "9090") int port,
            @ConfigProperty(name = "tollgate.stream.security", defaultValue = "plain") String security,
            @ConfigProperty(name = "tollgate.stream.names") Optional<List<String>> names,
            @ConfigProperty(name = "tollgate.join-token") Optional<String> joinToken,
            @ConfigProperty(name = "tollgate.stream.certificate") Optional<String> certificate,
            @ConfigProperty(name = "tollgate.stream.key") Optional<String> key,
            @ConfigProperty(name = "tollgate.stream.trust") Optional<String> trust) {
        this.host = host;
        this.port = port;
        this.mode = StreamMode.of(security).orElseThrow(() -> new IllegalArgumentException(security));
        this.names = List.copyOf(names.orElse(List.of()));
        this.joinToken = joinToken;
        this.certificate = certificate;
        this.key = key;
        this.trust = trust;
    }

    public String host() {
        return host;
    }

    /** 0: any free one. */
    public int port() {
        return port;
    }

    public StreamMode mode() {
        return mode;
    }

    /** Host names and addresses by which nodes dial this control plane, beside {@link #host()}. */
    public List<String> names() {
        return names;
    }

    /** Every address of the machine. */
    boolean isWildcard() {
        return StreamHosts.isWildcard(host);
    }

    boolean isLoopback() {
        return StreamHosts.isLoopback(host);
    }

    /** What every node must show; absent with the own authority. */
    public Optional<String> joinToken() {
        return joinToken;
    }

    /** PEM file of the certificate chain; only with {@link StreamMode#FILES}. */
    public Optional<String> certificate() {
        return certificate;
    }

    /** PEM file of the certificate's private key. */
    public Optional<String> key() {
        return key;
    }

    /** PEM file of those who vouch for nodes; present: a node must show a certificate. */
    public Optional<String> trust() {
        return trust;
    }
}
