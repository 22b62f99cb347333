package io.tollgate.node.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.util.concurrent.FastThreadLocal;
import io.tollgate.engine.tls.CertificateIndex;
import io.tollgate.engine.tls.CertificateIndex.Shown;
import io.tollgate.engine.tls.OcspStaple;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.LongSupplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Answers a TLS stack that asks for a certificate from those of the moment, so that a replaced one is shown from the next handshake on and
 * nothing is closed. Shared; lock-free.
 *
 * <p>A stack asks for an alias, then for what is behind it: between the two the certificates may be replaced, so those before are known
 * for one more replacement.
 */
final class ServerKeys extends X509ExtendedKeyManager {
    /** What the client whose handshake this thread is at said first. */
    static final FastThreadLocal<ClientHello> HELLO = new FastThreadLocal<>();

    private static final CertificateIndex NOTHING = CertificateIndex.of(java.util.List.of());

    private final boolean staples;
    private final LongSupplier clockMillis;
    private volatile Versions versions = new Versions(NOTHING, NOTHING);

    private record Versions(CertificateIndex now, CertificateIndex before) {}

    ServerKeys(boolean staples, LongSupplier clockMillis) {
        this.staples = staples;
        this.clockMillis = clockMillis;
    }

    @SuppressWarnings("ReferenceEquality") // The same certificates are the same object.
    void replace(CertificateIndex certificates) {
        if (certificates != versions.now()) {
            versions = new Versions(certificates, versions.now());
        }
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        ClientHello hello = HELLO.get();
        if (hello == null) {
            hello = ClientHello.UNKNOWN;
        }
        String serverName = hello.serverName() == null ? serverName(engine) : hello.serverName();
        Shown shown = versions.now().choose(serverName, hello.usable());
        if (shown == null
                || !shown.certificate()
                        .chain()
                        .leaf()
                        .getPublicKey()
                        .getAlgorithm()
                        .equals(keyType)) {
            return null;
        }
        staple(shown.certificate().staple(), engine);
        return shown.alias();
    }

    private void staple(OcspStaple staple, @Nullable SSLEngine engine) {
        if (staples
                && engine instanceof ReferenceCountedOpenSslEngine native_
                && staple.isFresh(clockMillis.getAsLong())) {
            native_.setOcspResponse(staple.response());
        }
    }

    private static @Nullable String serverName(@Nullable SSLEngine engine) {
        if (engine != null && engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    private @Nullable Shown find(String alias) {
        Versions held = versions;
        Shown now = held.now().find(alias);
        return now == null ? held.before().find(alias) : now;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Shown shown = find(alias);
        return shown == null ? null : shown.certificate().chain().certificates().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Shown shown = find(alias);
        return shown == null ? null : shown.certificate().privateKey();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return versions.now().all().stream().map(Shown::alias).toArray(String[]::new);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
