package io.tollgate.node.exchange;

/** Hears that the client's connection closed before its answer was whole. Event-loop confined. */
public interface ClientWatcher {
    /** Nothing can be sent to the client any more. Called also when the call is already over; then it says nothing. */
    void onClientGone();
}
