package io.tollgate.node.filter;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;

/**
 * Tells the upstream who calls by a token of ours, and removes what the client says under its name. Immutable.
 *
 * @param header name of the field
 */
public record TellCaller(String header) implements Edit {
    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        return NameSet.equalsFolded(header, name);
    }

    @Override
    public boolean reserves(CharSequence name, Exchange exchange) {
        return drops(name, exchange);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        String identity = exchange.callerIdentity();
        if (!identity.isEmpty()) {
            sink.add(header, identity);
        }
    }
}
