package io.tollgate.node.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.tollgate.engine.tls.Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards ACME servers that find out whether names lead here by TLS-ALPN-01 (RFC 8737): a certificate for each name that is being
 * proven, and no protocol but {@code acme-tls/1}. Beside the listeners' own rules: no client certificate is asked for, nothing is resumed.
 * Shared; replaced by one thread at a time.
 */
final class AcmeTls {
    static final String PROTOCOL = "acme-tls/1";

    private final TlsStack stack;
    private volatile Map<String, Proof> proofs = Map.of();

    private record Proof(Certificate certificate, SslContext context) {}

    AcmeTls(TlsStack stack) {
        this.stack = stack;
    }

    /**
     * Proves these names from the next handshake on, and no others.
     *
     * @param certificates by name in lower case
     * @throws SSLException when the stack does not take one; nothing is replaced then
     */
    void replace(Map<String, Certificate> certificates) throws SSLException {
        Map<String, Proof> now = new HashMap<>();
        for (Map.Entry<String, Certificate> one : certificates.entrySet()) {
            Proof known = proofs.get(one.getKey());
            now.put(
                    one.getKey(),
                    known != null && known.certificate().equals(one.getValue())
                            ? known
                            : new Proof(one.getValue(), context(one.getValue())));
        }
        proofs = Map.copyOf(now);
    }

    private SslContext context(Certificate certificate) throws SSLException {
        return SslContextBuilder.forServer(
                        certificate.privateKey(), certificate.chain().certificates())
                .sslProvider(stack.provider())
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        PROTOCOL))
                .build();
    }

    /** The TLS of a connection that asks for a name; null when that is not being proven. */
    @Nullable
    SslHandler handler(@Nullable String serverName, ByteBufAllocator allocator) {
        Proof proof = serverName == null ? null : proofs.get(serverName.toLowerCase(Locale.ROOT));
        return proof == null ? null : proof.context().newHandler(allocator);
    }
}
