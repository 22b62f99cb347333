package io.tollgate.node.exchange;

/** Takes the header fields of a head that is being written. Event-loop confined. */
public interface HeadSink {
    /** Appends one field; name and value are valid and hold no line breaks. */
    void add(CharSequence name, CharSequence value);
}
