package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

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

    /** Null: in the clear. */
    public @Nullable TlsRules tls() {
        return rules.tls();
    }

    /** The Host field of a target for calls over this (RFC 9110, 7.2): without the port where it goes without saying. */
    public String hostField(TargetState target) {
        return rules.tls() == null ? target.hostField() : target.secureHostField();
    }
}
