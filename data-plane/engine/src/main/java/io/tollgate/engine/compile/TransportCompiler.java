package io.tollgate.engine.compile;

import io.tollgate.engine.upstream.TransportRules;
import io.tollgate.engine.upstream.UpstreamProtocol;
import io.tollgate.proto.config.v1.Service;

/** How connections to the targets of services are made. Compile thread only. */
final class TransportCompiler {
    private TransportCompiler() {}

    static void check(Service service, ObjectProblems problems) {
        if (service.getProtocol() == io.tollgate.proto.config.v1.UpstreamProtocol.UNRECOGNIZED) {
            problems.add("/protocol", service.getProtocolValue(), "http1 or http2");
        }
    }

    static TransportRules compile(Service service) {
        return new TransportRules(
                switch (service.getProtocol()) {
                    case UPSTREAM_PROTOCOL_HTTP2 -> UpstreamProtocol.HTTP2;
                    default -> UpstreamProtocol.HTTP1;
                });
    }
}
