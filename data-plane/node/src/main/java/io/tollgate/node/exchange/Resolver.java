package io.tollgate.node.exchange;

import org.jspecify.annotations.Nullable;

/**
 * Finds out what the decisions of a route will ask for and what takes time: a signature, a key, somebody's word. Asked before
 * they are made. Immutable; what it remembers is shared and says how.
 */
@FunctionalInterface
public interface Resolver {
    /**
     * Null when there is nothing to wait for: the exchange knows by now what there is to know, or this request presents
     * nothing of the kind. Otherwise what the request has to wait for. On the loop of the exchange; no allocation where
     * nothing is waited for.
     */
    @Nullable
    Unresolved ask(Exchange exchange);
}
