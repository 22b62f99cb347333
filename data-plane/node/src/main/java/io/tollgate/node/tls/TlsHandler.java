package io.tollgate.node.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.tollgate.engine.tls.PeerCertificate;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TLS on one client connection. Event-loop confined. */
public final class TlsHandler extends SslHandler {
    /** A fatal alert in the clear (RFC 7301, 3.2): whoever speaks only acme-tls/1 of a name that is not being proven. */
    private static final byte[] NO_APPLICATION_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

    private final String[] versions;
    private final HandshakeCounters counters;
    private final AcmeTls acme;
    private boolean handshaking = true;
    private @Nullable ClientHello hello;
    private boolean isProof;

    /**
     * What is alike for all connections of a node. Immutable.
     *
     * @param acme proves names to ACME servers
     */
    record House(HandshakeCounters counters, AcmeTls acme) {}

    /** @param versions that may be spoken */
    TlsHandler(SSLEngine engine, boolean startTls, Executor tasks, String[] versions, House house) {
        super(engine, startTls, tasks);
        this.versions = versions;
        this.counters = house.counters();
        this.acme = house.acme();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        // Last word: whoever made the connection may have set what it knows at its start.
        engine().setEnabledProtocols(versions);
        super.handlerAdded(context);
        handshakeFuture().addListener(done -> {
            handshaking = false;
            hello = null;
            if (isProof) {
                counters.proven();
            } else if (done.isSuccess()) {
                counters.completed(engine().getSession().getProtocol());
            } else {
                counters.failed(done.cause());
            }
        });
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws SSLException {
        if (!handshaking) {
            super.decode(context, in, out);
            return;
        }
        if (hello == null) {
            hello = ClientHello.peek(in);
            if (hello != null && hello.isProof()) {
                prove(context, hello.serverName(), in);
                return;
            }
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
     * Gives the connection to the TLS of a proof, which stands in front of this one from here on and closes it. This handshake never
     * begins, so whatever is behind waits in vain and goes with the connection.
     */
    private void prove(ChannelHandlerContext context, @Nullable String serverName, ByteBuf in) throws SSLException {
        isProof = true;
        SslHandler proof = acme.handler(serverName, context.alloc());
        if (proof == null) {
            in.skipBytes(in.readableBytes());
            context.writeAndFlush(Unpooled.wrappedBuffer(NO_APPLICATION_PROTOCOL))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ByteBuf said = in.readBytes(in.readableBytes());
        context.pipeline().addBefore(context.name(), null, proof).addBefore(context.name(), null, new ProofEnd());
        ChannelHandlerContext there = context.pipeline().context(proof);
        try {
            proof.channelRead(there, said);
            proof.channelReadComplete(there);
        } catch (SSLException e) {
            throw e;
        } catch (Exception e) {
            throw new SSLException(e);
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
