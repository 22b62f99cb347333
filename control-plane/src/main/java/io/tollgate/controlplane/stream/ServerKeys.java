package io.tollgate.controlplane.stream;

import io.tollgate.controlplane.join.ServerIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** What the next handshake shows; replaced while connections go on. Shared; lock-free. */
final class ServerKeys extends X509ExtendedKeyManager {
    private static final String ALIAS = "current";

    private volatile ServerIdentity current;
    /** Of the handshakes that chose before the last replacement and have not fetched yet: both must be of one identity. */
    private volatile ServerIdentity before;

    ServerKeys(ServerIdentity first) {
        current = first;
        before = first;
    }

    void replace(ServerIdentity next) {
        before = current;
        current = next;
    }

    private String alias(ServerIdentity identity) {
        return ALIAS + identity.chain().get(0).getSerialNumber();
    }

    private ServerIdentity of(String alias) {
        ServerIdentity newest = current;
        return alias.equals(alias(newest)) ? newest : before;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return keyType.startsWith("EC") ? alias(current) : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {alias(current)};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return of(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return of(alias).key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
