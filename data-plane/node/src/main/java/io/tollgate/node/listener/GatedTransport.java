package io.tollgate.node.listener;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;

/**
 * The platform's transport, whose servers stand at listening sockets that they may share. Vert.x has no other place from which a connection
 * can be seen, and given to another server, before its handlers are set up, and its TLS with them. Shared; holds nothing of its own.
 */
@SuppressWarnings("deprecation") // The families of addresses are named so in the interface of Vert.x.
record GatedTransport(Transport platform, SharedSockets sockets)
        implements Transport, io.vertx.core.spi.transport.Transport {
    private io.vertx.core.spi.transport.Transport actual() {
        return platform.implementation();
    }

    @Override
    public String name() {
        return platform.name();
    }

    @Override
    public boolean available() {
        return platform.available();
    }

    @Override
    public Throwable unavailabilityCause() {
        return platform.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        ChannelFactory<? extends ServerChannel> factory = actual().serverChannelFactory(domainSocket);
        return domainSocket ? factory : () -> new PlacedServer(sockets, factory.newChannel());
    }

    @Override
    public boolean supportsDomainSockets() {
        return actual().supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return actual().supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return actual().isAvailable();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return actual().convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return actual().convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return actual().ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return actual().eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return actual().datagramChannel();
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return actual().datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return actual().channelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        actual().configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        actual().configure(options, connectTimeout, domainSocket, bootstrap);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        actual().configure(options, domainSocket, bootstrap);
    }
}
