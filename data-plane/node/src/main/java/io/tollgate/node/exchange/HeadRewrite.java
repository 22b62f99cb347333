package io.tollgate.node.exchange;

/** What changes in a request's head during the single pass that copies it. Immutable. */
public interface HeadRewrite {
    /** Whether the client's field of this name (any case) stays behind. */
    boolean drops(CharSequence name, Exchange exchange);

    /** Appends the fields that the gateway adds. */
    void append(HeadSink sink, Exchange exchange);

    /** The query that the upstream gets: the client's, byte for byte, without the parameters that may hold a key. */
    String query(String query);
}
