package io.tollgate.node.tls;

import io.netty.handler.ssl.SslContext;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.GeneralSecurityException;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Has Vert.x take the TLS of a listener as it is: Vert.x' own would keep for each name that a client asks for what it once was. Immutable.
 */
public final class ServerTlsOptions extends SSLEngineOptions {
    private final ServerTls tls;

    public ServerTlsOptions(ServerTls tls) {
        this.tls = tls;
    }

    /** What Vert.x wants to be given, and never asks for a key. */
    public static KeyCertOptions keys() {
        return new NoKeys();
    }

    /** Vert.x' own wrapper would do, but for a logging library that it wants and nothing else here does. Immutable. */
    private static final class NoKeys implements KeyCertOptions {
        @Override
        public KeyCertOptions copy() {
            return this;
        }

        @Override
        public KeyManagerFactory getKeyManagerFactory(Vertx vertx) throws GeneralSecurityException {
            KeyManagerFactory empty = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            empty.init(null, null);
            return empty;
        }

        @Override
        public Function<String, @Nullable KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx) {
            return name -> null;
        }
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
