package io.tollgate.controlplane;

import io.quarkus.vertx.http.HttpServer;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.StreamSettings;
import jakarta.enterprise.context.ApplicationScoped;

/** Where this process listens, once it does. Immutable. */
@ApplicationScoped
public class Listening {
    private final HttpServer admin;
    private final StreamServer stream;
    private final StreamSettings settings;

    Listening(HttpServer admin, StreamServer stream, StreamSettings settings) {
        this.admin = admin;
        this.stream = stream;
        this.settings = settings;
    }

    /** The one line that tells whoever started the process that it is ready, and where. */
    public String asJson() {
        return "{\"event\":\"listening\",\"admin_port\":" + admin.getPort() + ",\"stream_port\":" + stream.port()
                + ",\"stream_security\":\"" + settings.mode().word() + "\"}";
    }
}
