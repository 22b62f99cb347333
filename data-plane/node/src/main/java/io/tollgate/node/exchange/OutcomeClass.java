package io.tollgate.node.exchange;

/** How a call ended as far as money is concerned; the words and numbers of the usage stream. Immutable. */
public enum OutcomeClass {
    /** The upstream answered below 400 and the answer went out whole. */
    SUCCESS(1),
    /** The upstream answered 400 to 499. */
    CLIENT_ERROR(2),
    /** The upstream answered 500 or above. */
    SERVER_ERROR(3),
    /** The gateway refused the call. */
    REFUSED(4),
    /** The gateway or the way to the upstream failed, or the answer broke off. */
    FAILED(5),
    /** The client went away before its answer was whole, or its deadline passed. */
    ABORTED(6);

    private final int number;

    OutcomeClass(int number) {
        this.number = number;
    }

    /** Number on the usage stream; stable for ever. */
    public int number() {
        return number;
    }

    /** The class of an answer that the upstream gave with this HTTP status. */
    public static OutcomeClass ofUpstreamStatus(int status) {
        if (status < 400) {
            return SUCCESS;
        }
        return status < 500 ? CLIENT_ERROR : SERVER_ERROR;
    }
}
