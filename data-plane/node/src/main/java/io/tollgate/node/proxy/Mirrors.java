package io.tollgate.node.proxy;

import io.tollgate.engine.action.Mirror;
import io.tollgate.node.exchange.Exchange;
import java.util.ArrayList;
import java.util.List;

/**
 * The copies of calls that are under way on one event loop. Event-loop confined.
 *
 * <p>A service that is slow with its copies must not fill the node with them, so there are only so many; a call beyond them
 * is not copied, and counted as skipped.
 */
final class Mirrors {
    /** Copies at once: each may hold a body, and more would only queue at the other service. */
    static final int IN_FLIGHT_MAX = 64;
    /** Bytes of copies that are not sent yet: what the loop may spend on traffic that nobody waits for. */
    static final long HELD_BYTES_MAX = 16_777_216;

    private final Forwarder forwarder;
    private final List<MirroredCall> calls = new ArrayList<>();
    private long heldBytes;

    Mirrors(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    void start(Exchange exchange, Mirror mirror) {
        if (!mirror.upstream().enabled()
                || calls.size() >= IN_FLIGHT_MAX
                || exchange.body().lengthBytes() > mirror.bodyBytesMax()) {
            forwarder.counters().mirrorSkipped();
            return;
        }
        MirroredCall call = new MirroredCall(this, exchange, mirror);
        calls.add(call);
        call.start();
    }

    /** Ends the copies whose time is over, or whose call ended before its body was whole. */
    void sweep(long nowNanos) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            calls.get(i).checkDeadline(nowNanos);
        }
    }

    /** Room for so many more bytes. */
    boolean hold(int bytes) {
        if (heldBytes + bytes > HELD_BYTES_MAX) {
            return false;
        }
        heldBytes += bytes;
        return true;
    }

    void letGo(int bytes) {
        heldBytes -= bytes;
    }

    void remove(MirroredCall call) {
        calls.remove(call);
    }

    Forwarder forwarder() {
        return forwarder;
    }
}
