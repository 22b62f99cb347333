package io.tollgate.node.dial;

import io.grpc.Channel;
import io.vertx.grpcio.client.GrpcIoClient;

/** A channel to one control plane with a connection of its own. Confined to the thread of the stream that dialled. */
public final class DialedChannel {
    private final ControlPlaneAddress address;
    private final Channel channel;
    private final GrpcIoClient client;

    DialedChannel(ControlPlaneAddress address, Channel channel, GrpcIoClient client) {
        this.address = address;
        this.channel = channel;
        this.client = client;
    }

    /** Who is called. */
    public ControlPlaneAddress address() {
        return address;
    }

    /** For the stubs; carries the join token. */
    public Channel channel() {
        return channel;
    }

    /** Breaks the connection off; calls on it end. */
    public void close() {
        client.close();
    }
}
