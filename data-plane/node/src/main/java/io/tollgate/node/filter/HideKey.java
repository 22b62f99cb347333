package io.tollgate.node.filter;

import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;

/**
 * Keeps the caller's key from the upstream, wherever it may have been put. Immutable.
 *
 * @param headers names of the headers that may hold a key
 */
public record HideKey(NameSet headers) implements Edit {
    /** The edit that goes with this policy. */
    public static HideKey of(KeyAuthPolicy policy) {
        return new HideKey(NameSet.of(policy.headerNames()));
    }

    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        return headers.contains(name);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        // It only takes away.
    }
}
