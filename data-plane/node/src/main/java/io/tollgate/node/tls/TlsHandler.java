package io.tollgate.node.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.tollgate.engine.tls.PeerCertificate;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
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

    /**
     * The certificate with which the client of this connection proved who it is, read anew with each call; null when it showed none, was
     * not asked for one, or speaks no TLS. Only once the handshake is over, on the loop of the connection.
     */
    public static @Nullable PeerCertificate client(Channel connection) {
        TlsHandler tls = connection.pipeline().get(TlsHandler.class);
        return tls == null ? null : tls.client();
    }

    private @Nullable PeerCertificate client() {
        // A context that asks for none checks none.
        if (!engine().getNeedClientAuth() && !engine().getWantClientAuth()) {
            return null;
        }
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate shown : engine().getSession().getPeerCertificates()) {
                if (!(shown instanceof X509Certificate certificate)) {
                    return null;
                }
                chain.add(certificate);
            }
            return chain.isEmpty() ? null : PeerCertificate.of(chain);
        } catch (SSLPeerUnverifiedException none) {
            return null; // It was asked and showed none.
        }
    }
}
