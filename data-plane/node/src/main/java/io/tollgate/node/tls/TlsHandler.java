package io.tollgate.node.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.tollgate.engine.tls.CertificatePortrait;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TLS on one client connection. Event-loop confined. */
public final class TlsHandler extends SslHandler {
    private final String[] versions;
    private final HandshakeCounters counters;
    private boolean handshaking = true;
    private @Nullable ClientHello hello;
    private @Nullable CertificatePortrait client;

    /** @param versions that may be spoken */
    TlsHandler(SSLEngine engine, boolean startTls, Executor tasks, String[] versions, HandshakeCounters counters) {
        super(engine, startTls, tasks);
        this.versions = versions;
        this.counters = counters;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        // Last word: whoever made the connection may have set what it knows at its start.
        engine().setEnabledProtocols(versions);
        super.handlerAdded(context);
        handshakeFuture().addListener(done -> {
            handshaking = false;
            hello = null;
            if (done.isSuccess()) {
                counters.completed(engine().getSession().getProtocol());
                client = clientCertificate();
            } else {
                counters.failed(done.cause());
            }
        });
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws javax.net.ssl.SSLException {
        if (!handshaking) {
            super.decode(context, in, out);
            return;
        }
        if (hello == null) {
            hello = ClientHello.peek(in);
        }
        // Key managers are asked by this thread, before it returns here.
        ServerKeys.HELLO.set(hello);
        try {
            super.decode(context, in, out);
        } finally {
            ServerKeys.HELLO.remove();
        }
    }

    private @Nullable CertificatePortrait clientCertificate() {
        if (!engine().getNeedClientAuth() && !engine().getWantClientAuth()) {
            return null;
        }
        try {
            Certificate[] shown = engine().getSession().getPeerCertificates();
            return shown.length > 0 && shown[0] instanceof X509Certificate leaf ? CertificatePortrait.of(leaf) : null;
        } catch (SSLPeerUnverifiedException none) {
            return null; // It was asked and showed none.
        }
    }

    /** The certificate that the client proved itself with; null when it did not, or was not asked. */
    public @Nullable CertificatePortrait client() {
        return client;
    }
}
