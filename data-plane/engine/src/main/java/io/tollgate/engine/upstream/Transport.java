package io.tollgate.engine.upstream;

/**
 * A way to connect to targets: one object for as long as a live configuration has the same rules, so that a connection belongs to it
 * by identity. Immutable.
 */
public final class Transport {
    private final TransportRules rules;

    Transport(TransportRules rules) {
        this.rules = rules;
    }

    public TransportRules rules() {
        return rules;
    }

    public UpstreamProtocol protocol() {
        return rules.protocol();
    }
}
