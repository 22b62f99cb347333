package io.tollgate.node.listener;

import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.listener.ListenerRules;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The listening sockets of a process by their places. Listeners of the configuration share the one of theirs; everybody else, such as the
 * operations port, has it alone. Confined to the loop that accepts, but for the names.
 */
final class SharedSockets {
    /** Beginning of the names by which listeners call their addresses. */
    private static final String SHARED = "listener-";

    private final Consumer<ServerChannel> onSocket;
    private final Map<InetSocketAddress, SharedSocket> byPlace = new HashMap<>();

    /** @param onSocket shown each socket before it listens */
    SharedSockets(Consumer<ServerChannel> onSocket) {
        this.onSocket = onSocket;
    }

    /**
     * The place of a listener by the name of what is spoken there. Vert.x has servers of one name share a way of doing TLS, and a plain one
     * does none, so those with and those without have two names for one place.
     */
    static io.vertx.core.net.SocketAddress place(ListenerRules rules) {
        byte[] address = IpAddress.parse(rules.address());
        if (address == null) {
            throw new IllegalStateException(rules.address() + " was checked");
        }
        String name = SHARED + (rules.tls() == null ? "clear-" : "tls-") + rules.address();
        try {
            return io.vertx.core.net.SocketAddress.inetSocketAddress(
                    new InetSocketAddress(InetAddress.getByAddress(name, address), rules.port()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(rules.address() + " was checked", e);
        }
    }

    /**
     * The socket at an address: the one that stands there already, where both share it, or the fresh one.
     *
     * @throws Exception when the address is not to be had
     */
    SharedSocket open(ServerChannel fresh, SocketAddress address, EventLoop acceptor) throws Exception {
        boolean shared = address instanceof InetSocketAddress inet
                && inet.getHostString().startsWith(SHARED);
        SharedSocket standing = shared ? byPlace.get(address) : null;
        if (standing != null) {
            fresh.unsafe().closeForcibly();
            return standing;
        }
        onSocket.accept(fresh);
        SharedSocket opened = SharedSocket.open(fresh, address, acceptor, empty -> byPlace.remove(address, empty));
        if (shared) {
            byPlace.put((InetSocketAddress) address, opened);
        }
        return opened;
    }
}
