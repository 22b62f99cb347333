package io.tollgate.node.proxy;

import java.io.IOException;

/** A peer that should speak HTTP/2 does not. */
final class NotHttp2Exception extends IOException {
    private static final long serialVersionUID = 1;

    NotHttp2Exception() {
        super("no HTTP/2");
    }
}
