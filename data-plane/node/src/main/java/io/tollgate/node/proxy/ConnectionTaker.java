package io.tollgate.node.proxy;

/** Who asks for a connection to a target. Event-loop confined. */
interface ConnectionTaker {
    /** Whether it wants none any more. */
    boolean isOver();

    /** Longest wait for a new connection. */
    int connectTimeoutMillis();

    /** Here is a connection, its own until it gives it back or closes it. One that is over by now gives it back. */
    void onConnection(UpstreamConnection given);

    /** No connection could be made. */
    void onConnectFailure(Throwable cause);
}
