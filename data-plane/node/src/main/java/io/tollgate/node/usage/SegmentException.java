package io.tollgate.node.usage;

/** A file in the journal is not a segment that can be counted; the message says why. Immutable. */
final class SegmentException extends Exception {
    SegmentException(String message) {
        super(message);
    }
}
