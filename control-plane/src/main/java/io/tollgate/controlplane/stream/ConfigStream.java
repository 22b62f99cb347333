package io.tollgate.controlplane.stream;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tollgate.controlplane.catalog.firstsight.NewConsumers;
import io.tollgate.controlplane.snapshot.ConfigurationMirror;
import io.tollgate.proto.config.v1.ConfigStreamServiceGrpc;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.NodeMessage;
import jakarta.enterprise.context.ApplicationScoped;

/** Opens a {@link WatchSession} for every node that dials. Shared; lock-free. */
@ApplicationScoped
public class ConfigStream extends ConfigStreamServiceGrpc.ConfigStreamServiceImplBase {
    private final ConfigurationMirror mirror;
    private final Sessions sessions;
    private final NewConsumers newConsumers;

    ConfigStream(ConfigurationMirror mirror, Sessions sessions, NewConsumers newConsumers) {
        this.newConsumers = newConsumers;
        this.mirror = mirror;
        this.sessions = sessions;
    }

    @Override
    public StreamObserver<NodeMessage> watch(StreamObserver<ControlMessage> out) {
        ServerCallStreamObserver<ControlMessage> toNode = (ServerCallStreamObserver<ControlMessage>) out;
        WatchSession session = new WatchSession(mirror, sessions, newConsumers, toNode);
        toNode.setOnReadyHandler(session::pump);
        toNode.setOnCancelHandler(session::ended);
        sessions.open(session);
        return session;
    }
}
