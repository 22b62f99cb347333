package io.tollgate.node.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.tollgate.engine.listener.ListenerTls;
import io.tollgate.engine.tls.ClientCertificates;
import io.tollgate.engine.tls.TlsProfile;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * The TLS of one listener on all loops of a node. What it does may be replaced at any time: handshakes from then on follow the new rules,
 * connections that are open stay. One for all loops, so that a session that began on one is resumed on any other. Shared.
 *
 * <p>Certificates are asked for at each handshake; only other profiles, client certificates or trusted authorities make a new context of
 * the TLS stack, and with it end the resumption of sessions that were judged by the old ones.
 */
public final class ServerTls extends SslContext {
    /** Without the suites of finite-field Diffie-Hellman, which BoringSSL does not have and clients of today do not need. */
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final long SESSIONS_MAX = 20_480;
    private static final long SESSION_SECONDS_MAX = TimeUnit.HOURS.toSeconds(1);
    /** Encoded chains and keys that the native stack keeps ready. */
    private static final int MATERIALS_MAX = 4_096;

    private final TlsStack stack;
    private final TlsHandler.House house;
    private final LongSupplier clockMillis;
    private volatile State state;

    /** What handshakes of the moment follow. Immutable but for what stands in the keys. */
    private record State(
            TlsProfile profile,
            ClientCertificates clientCertificates,
            List<X509Certificate> trusted,
            List<String> protocols,
            ServerKeys keys,
            SslContext context,
            TicketKeys tickets) {
        boolean fits(ListenerTls rules, List<String> wanted) {
            return protocols.equals(wanted)
                    && profile == rules.profile()
                    && clientCertificates == rules.clientCertificates()
                    && trusted.equals(rules.trusted());
        }
    }

    /**
     * Opens the TLS of a listener.
     *
     * @param protocols of the application, the best first (RFC 7301)
     * @param clockMillis milliseconds since the Unix epoch
     * @throws SSLException when the stack does not take the rules
     */
    ServerTls(
            TlsStack stack, ListenerTls rules, List<String> protocols, TlsHandler.House house, LongSupplier clockMillis)
            throws SSLException {
        this.stack = stack;
        this.house = house;
        this.clockMillis = clockMillis;
        this.state = open(rules, List.copyOf(protocols));
    }

    /** Follows other rules from the next handshake on. One thread at a time. */
    public void replace(ListenerTls rules, List<String> protocols) throws SSLException {
        if (state.fits(rules, protocols)) {
            state.keys().replace(rules.certificates());
        } else {
            state = open(rules, List.copyOf(protocols));
        }
    }

    private State open(ListenerTls rules, List<String> protocols) throws SSLException {
        ServerKeys keys = new ServerKeys(stack.canStaple(), clockMillis);
        keys.replace(rules.certificates());
        SslContextBuilder builder = stack == TlsStack.OPENSSL
                ? SslContextBuilder.forServer(
                        new OpenSslCachingX509KeyManagerFactory(new KeyManagerFactoryWrapper(keys), MATERIALS_MAX))
                : SslContextBuilder.forServer(keys);
        builder.sslProvider(stack.provider())
                .protocols(versions(rules.profile()))
                .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .sessionCacheSize(SESSIONS_MAX)
                .sessionTimeout(SESSION_SECONDS_MAX)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
        if (stack.canStaple()) {
            builder.enableOcsp(true);
        }
        if (rules.clientCertificates() != ClientCertificates.NONE) {
            builder.clientAuth(
                            rules.clientCertificates() == ClientCertificates.REQUIRE
                                    ? ClientAuth.REQUIRE
                                    : ClientAuth.OPTIONAL)
                    .trustManager(rules.trusted());
        }
        return new State(
                rules.profile(),
                rules.clientCertificates(),
                List.copyOf(rules.trusted()),
                protocols,
                keys,
                builder.build(),
                new TicketKeys());
    }

    /** Versions that a profile allows, in the words of TLS stacks. */
    static String[] versions(TlsProfile profile) {
        return profile == TlsProfile.MODERN ? new String[] {"TLSv1.3"} : new String[] {"TLSv1.3", "TLSv1.2"};
    }

    /** The TLS of one connection that was accepted. */
    @Override
    protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor tasks) {
        State held = state;
        if (held.context().sessionContext() instanceof OpenSslSessionContext sessions) {
            held.tickets().renew(sessions, clockMillis.getAsLong());
        }
        return new TlsHandler(held.context().newEngine(allocator), startTls, tasks, versions(held.profile()), house);
    }

    @Override
    protected SslHandler newHandler(
            ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls, Executor tasks) {
        return newHandler(allocator, startTls, tasks);
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return state.context().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // Abstract and deprecated in one.
    public io.netty.handler.ssl.ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return state.context().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return state.context().newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return state.context().newEngine(allocator, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return state.context().sessionContext();
    }
}
