package io.tollgate.node.filter;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;

/** One change to a request's head, made during the single pass that copies it. Immutable. */
public sealed interface Edit
        permits HideSecrets, HideCookies, TellIdentity, TellClaims, TellCaller, TellCertificate, TellGranted {
    /** Whether the client's field of this name (any case) stays behind. */
    boolean drops(CharSequence name, Exchange exchange);

    /** Whether templates do not see the client's field of this name (any case). */
    default boolean hides(CharSequence name, Exchange exchange) {
        return drops(name, exchange);
    }

    /** Whether only this edit may tell the upstream something under this name (any case). */
    default boolean reserves(CharSequence name, Exchange exchange) {
        return false;
    }

    /** Appends the fields that this edit adds. */
    void append(HeadSink sink, Exchange exchange);
}
