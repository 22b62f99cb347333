package io.tollgate.node.dial;

import io.grpc.Channel;

/** A channel to one control plane with a connection of its own. Confined to the thread of the stream that dialled. */
public final class DialedChannel {
    private final ControlPlaneAddress address;
    private final Channel channel;
    private final Runnable close;

    DialedChannel(ControlPlaneAddress address, Channel channel, Runnable close) {
        this.address = address;
        this.channel = channel;
        this.close = close;
    }

    /** Who is called. */
    public ControlPlaneAddress address() {
        return address;
    }

    /** For the stubs; carries what proves this node. */
    public Channel channel() {
        return channel;
    }

    /** Breaks the connection off; calls on it end. */
    public void close() {
        close.run();
    }
}
