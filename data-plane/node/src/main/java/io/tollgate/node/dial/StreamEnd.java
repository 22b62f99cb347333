package io.tollgate.node.dial;

import io.grpc.Status;

/** Says why a stream ended, in words for a log line. Immutable functions. */
public final class StreamEnd {
    /** Causes deeper than this are of no use to an operator. */
    private static final int CAUSES_MAX = 20;

    private StreamEnd() {}

    /** The code and what is known beyond it: the description of the peer, or what the connection died of. */
    public static String reason(Status status) {
        String description = status.getDescription();
        if (description != null) {
            return status.getCode() + " " + description;
        }
        Throwable cause = status.getCause();
        for (int depth = 0; cause != null && cause.getCause() != null && depth < CAUSES_MAX; depth++) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return status.getCode()
                    + (status.getCode() == Status.Code.UNAVAILABLE ? " no connection, or it broke" : "");
        }
        String message = cause.getMessage();
        return status.getCode() + " " + (message == null ? cause.getClass().getSimpleName() : message);
    }
}
