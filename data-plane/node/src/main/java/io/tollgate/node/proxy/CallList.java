package io.tollgate.node.proxy;

import org.jspecify.annotations.Nullable;

/** Calls that are looked at together, linked through themselves so that none of it costs memory. Event-loop confined. */
final class CallList {
    private @Nullable ForwardedCall first;

    /** The one to begin with; the others follow by {@link ForwardedCall#next}. */
    @Nullable
    ForwardedCall first() {
        return first;
    }

    void add(ForwardedCall call) {
        call.next = first;
        if (first != null) {
            first.previous = call;
        }
        first = call;
    }

    /** Takes out one that is in this list. */
    void remove(ForwardedCall call) {
        if (call.previous != null) {
            call.previous.next = call.next;
        } else {
            first = call.next;
        }
        if (call.next != null) {
            call.next.previous = call.previous;
        }
        call.previous = null;
    }
}
