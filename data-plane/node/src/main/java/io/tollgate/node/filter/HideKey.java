package io.tollgate.node.filter;

import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;

/**
 * Keeps the caller's key from the upstream, wherever it may have been put. Immutable.
 *
 * @param headers names of the headers that may hold a key
 * @param kept the upstream gets the key all the same
 */
public record HideKey(NameSet headers, boolean kept) implements Edit {
    /** The edit that goes with this policy. */
    public static HideKey of(KeyAuthPolicy policy) {
        return new HideKey(NameSet.of(policy.headerNames()), policy.keepKey());
    }

    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        return !kept && headers.contains(name);
    }

    @Override
    public boolean hides(CharSequence name, Exchange exchange) {
        return headers.contains(name);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        // It only takes away.
    }
}
