package io.tollgate.node.tls;

import io.netty.handler.ssl.SslContext;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;

/**
 * Has Vert.x take the TLS of a listener as it is: Vert.x' own would keep for each name that a client asks for what it once was. Immutable.
 */
public final class ServerTlsOptions extends SSLEngineOptions {
    private final ServerTls tls;

    public ServerTlsOptions(ServerTls tls) {
        this.tls = tls;
    }

    /** What Vert.x wants to be given, and never asks for anything. */
    public static KeyCertOptions keys() {
        return KeyCertOptions.wrap(new ServerKeys(false, () -> 0));
    }

    @Override
    public SSLEngineOptions copy() {
        return this;
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new SslContextFactory() {
            @Override
            public SslContext create() {
                return tls;
            }
        };
    }
}
