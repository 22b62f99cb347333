package io.tollgate.node.secure;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.NetUtil;
import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.tls.TrustRoot;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.TlsRules;
import io.tollgate.engine.upstream.TlsVersion;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.engine.upstream.UpstreamProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * What connections over TLS to targets share: one context for each way to connect, for as long as it is the same one, so that a
 * change of anything else keeps its sessions. Shared.
 */
public final class TargetSecurity {
    private static final Logger LOG = Logger.getLogger(TargetSecurity.class.getName());

    private final Cache<Transport, SslContext> contexts =
            Caffeine.newBuilder().weakKeys().build();
    private final SslProvider provider;

    /** @param provider the implementation of TLS that the process uses */
    public TargetSecurity(SslProvider provider) {
        this.provider = provider;
    }

    /** Makes what these services need, which takes longer than an event loop may be held. Any other thread. */
    public void prepare(Collection<Upstream> upstreams) {
        for (Upstream upstream : upstreams) {
            TlsRules rules = upstream.transport().tls();
            if (rules != null) {
                try {
                    context(upstream.transport(), rules);
                } catch (SSLException e) {
                    LOG.log(Level.WARNING, "event=tls-not-possible service=" + upstream.name(), e);
                }
            }
        }
    }

    /** The handler of one connection, which goes first in its pipeline. Throws what is wrong with the rules on this machine. */
    public SslHandler handler(Transport transport, TlsRules rules, TargetState target, ByteBufAllocator allocator)
            throws SSLException {
        String name = rules.nameOf(target);
        SslHandler handler = context(transport, rules).newHandler(allocator, name, target.port());
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setServerNames(isAddress(name) ? List.of() : List.of(new SNIHostName(withoutDot(name))));
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    /** The same for clients of Vert.x, of one connection that is asked for {@link TlsRules#nameOf}. */
    public static ClientSSLOptions options(UpstreamProtocol protocol, TlsRules rules) {
        ClientSSLOptions options = new ClientSSLOptions()
                .setEnabledSecureTransportProtocols(new LinkedHashSet<>(protocols(rules.versionMin())))
                .setUseAlpn(true)
                .setApplicationLayerProtocols(alpn(protocol))
                .setHostnameVerificationAlgorithm(rules.verify() ? "HTTPS" : "")
                .setTrustAll(!rules.verify());
        Certificate shown = rules.certificate();
        if (shown != null) {
            PemKeyCertOptions proof = new PemKeyCertOptions();
            options.setKeyCertOptions(proof.addCertValue(pem(shown.chain().certificates()))
                    .addKeyValue(pem("PRIVATE KEY", shown.privateKey().getEncoded())));
        }
        TrustRoot believed = rules.trustRoot();
        if (believed != null) {
            options.setTrustOptions(trust(believed));
        }
        return options;
    }

    /** Whom a client of Vert.x believes. */
    public static PemTrustOptions trust(TrustRoot believed) {
        return new PemTrustOptions().addCertValue(pem(believed.certificates()));
    }

    private static Buffer pem(List<X509Certificate> certificates) {
        Buffer all = Buffer.buffer();
        for (X509Certificate certificate : certificates) {
            try {
                all.appendBuffer(pem("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read", e);
            }
        }
        return all;
    }

    private static Buffer pem(String what, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Buffer.buffer("-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    private SslContext context(Transport transport, TlsRules rules) throws SSLException {
        SslContext known = contexts.getIfPresent(transport);
        if (known == null) {
            SslContext made = make(transport.protocol(), rules);
            known = contexts.get(transport, unknown -> made);
        }
        return known;
    }

    private SslContext make(UpstreamProtocol protocol, TlsRules rules) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(provider)
                .protocols(protocols(rules.versionMin()))
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        alpn(protocol)));
        Certificate shown = rules.certificate();
        if (shown != null) {
            builder.keyManager(shown.privateKey(), shown.chain().certificates());
        }
        if (!rules.verify()) {
            return builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .build();
        }
        TrustRoot believed = rules.trustRoot();
        if (believed != null) {
            builder.trustManager(believed.certificates());
        }
        // RFC 9110, 4.3.4: the name of the certificate is that of the target.
        return builder.endpointIdentificationAlgorithm("HTTPS").build();
    }

    private static List<String> protocols(TlsVersion least) {
        return least == TlsVersion.TLS13 ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2");
    }

    private static List<String> alpn(UpstreamProtocol protocol) {
        return switch (protocol) {
            case HTTP1 -> List.of(ApplicationProtocolNames.HTTP_1_1);
            case HTTP2 -> List.of(ApplicationProtocolNames.HTTP_2);
            case AUTO -> List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
        };
    }

    private static boolean isAddress(String name) {
        return NetUtil.createByteArrayFromIpAddressString(name) != null;
    }

    /** A name in the DNS may end with a dot, one that is asked for may not (RFC 6066, 3). */
    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
