package io.tollgate.controlplane.stream;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the streams listen and what a node must show. Immutable. */
@ApplicationScoped
public class StreamSettings {
    private final String host;
    private final int port;
    private final String joinToken;
    private final Optional<String> certificate;
    private final Optional<String> key;
    private final Optional<String> trust;

    StreamSettings(
            @ConfigProperty(name = "tollgate.stream.host", defaultValue = "127.0.0.1") String host,
            @ConfigProperty(name = "tollgate.stream.port", defaultValue = "9090") int port,
            @ConfigProperty(name = "tollgate.join-token") String joinToken,
            @ConfigProperty(name = "tollgate.stream.certificate") Optional<String> certificate,
            @ConfigProperty(name = "tollgate.stream.key") Optional<String> key,
            @ConfigProperty(name = "tollgate.stream.trust") Optional<String> trust) {
        this.host = host;
        this.port = port;
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

    public String joinToken() {
        return joinToken;
    }

    /** PEM file of the certificate chain; absent: plain text. */
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
