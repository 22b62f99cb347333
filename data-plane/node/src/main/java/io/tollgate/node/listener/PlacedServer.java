package io.tollgate.node.listener;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a server takes for its listening socket: its part in the one of its place. It is opened, set and closed as any other; what is
 * accepted comes in through its pipeline. Confined to the loop that accepts.
 */
final class PlacedServer extends AbstractServerChannel {
    private final SharedSockets sockets;
    private final ServerChannel fresh;
    private @Nullable SharedSocket socket;
    private boolean open = true;

    /** @param fresh socket of the platform, which is opened where there is none */
    PlacedServer(SharedSockets sockets, ServerChannel fresh) {
        this.sockets = sockets;
        this.fresh = fresh;
    }

    private ServerChannel actual() {
        SharedSocket shared = socket;
        return shared == null ? fresh : shared.socket();
    }

    @Override
    public ChannelConfig config() {
        return actual().config();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && socket != null;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return actual().localAddress();
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        SharedSocket shared = sockets.open(fresh, address, eventLoop());
        shared.enter(this);
        socket = shared;
    }

    @Override
    protected void doClose() {
        open = false;
        if (socket != null) {
            socket.leave(this);
        } else if (fresh.isOpen()) {
            fresh.unsafe().closeForcibly();
        }
    }

    /** The socket accepts as long as it may, whoever it is for. */
    @Override
    protected void doBeginRead() {}
}
