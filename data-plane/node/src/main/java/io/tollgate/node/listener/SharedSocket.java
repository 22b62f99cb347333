package io.tollgate.node.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One listening socket for all servers that stand at its place at once, as when one of TLS takes over from one without: who dials is given
 * to the server that came last. The socket stays as long as one of them does, so that nobody is refused and nobody who waits in the
 * kernel's queue is lost. Confined to the loop that accepts.
 */
final class SharedSocket extends ChannelInboundHandlerAdapter {
    private final ServerChannel socket;
    private final Consumer<SharedSocket> onEmpty;
    private final List<PlacedServer> servers = new ArrayList<>(2);

    private SharedSocket(ServerChannel socket, Consumer<SharedSocket> onEmpty) {
        this.socket = socket;
        this.onEmpty = onEmpty;
    }

    /**
     * Begins to listen with a fresh channel.
     *
     * @param onEmpty told when the last server has left
     * @throws Exception when the place is not to be had; the channel is closed then
     */
    static SharedSocket open(
            ServerChannel fresh, SocketAddress address, EventLoop acceptor, Consumer<SharedSocket> onEmpty)
            throws Exception {
        SharedSocket opened = new SharedSocket(fresh, onEmpty);
        fresh.pipeline().addLast("shared-socket", opened);
        try {
            done(acceptor.register(fresh));
            done(fresh.bind(address));
        } catch (Exception e) {
            if (fresh.isRegistered()) {
                fresh.close();
            } else {
                fresh.unsafe().closeForcibly();
            }
            throw e;
        }
        return opened;
    }

    // Both are done on this loop at once.
    private static void done(ChannelFuture step) throws Exception {
        if (!step.isDone()) {
            throw new IllegalStateException("not on the loop that accepts");
        }
        Throwable cause = step.cause();
        if (cause instanceof Exception e) {
            throw e;
        }
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }

    ServerChannel socket() {
        return socket;
    }

    void enter(PlacedServer server) {
        servers.add(server);
    }

    void leave(PlacedServer server) {
        servers.remove(server);
        if (servers.isEmpty()) {
            onEmpty.accept(this);
            socket.close();
        }
    }

    private PlacedServer last() {
        return servers.get(servers.size() - 1);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        if (!servers.isEmpty()) {
            last().pipeline().fireChannelRead(accepted);
        } else if (accepted instanceof Channel child) {
            child.unsafe().closeForcibly();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!servers.isEmpty()) {
            last().pipeline().fireChannelReadComplete();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Whoever accepts knows what to do about it: it waits for a moment.
        if (!servers.isEmpty()) {
            last().pipeline().fireExceptionCaught(cause);
        }
    }
}
