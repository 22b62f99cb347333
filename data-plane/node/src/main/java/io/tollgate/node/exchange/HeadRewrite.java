package io.tollgate.node.exchange;

import io.tollgate.engine.action.FieldEdits;

/** What changes in the heads of a call, each during the single pass that copies it. Immutable. */
public interface HeadRewrite {
    /** Whether the client's field of this name (any case) stays behind: what proves the caller, or claims who it is. */
    boolean drops(CharSequence name, Exchange exchange);

    /** Whether templates do not see the client's field of this name (any case): the same, and a key that the upstream gets. */
    boolean hides(CharSequence name, Exchange exchange);

    /** Whether only the gateway itself may tell the upstream something under this name (any case). */
    boolean reserves(CharSequence name, Exchange exchange);

    /** Changes of the fields that the upstream gets, done on what is left after {@link #drops}. */
    FieldEdits requestEdits();

    /** Changes of the fields that the client gets from the upstream. */
    FieldEdits responseEdits();

    /** Appends the fields that the gateway adds, after all changes. */
    void append(HeadSink sink, Exchange exchange);

    /** The client's query byte for byte, without the parameters that may hold a key. */
    String visibleQuery(String query);

    /** Whether this query parameter may hold a key. */
    boolean hidesParameter(String name);

    /** The query that the upstream gets: the visible one with its changes. */
    String query(Exchange exchange);
}
