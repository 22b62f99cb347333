package io.tollgate.engine.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The places for calls of one service on this node, and who waits for one. Shared; the queue is guarded by a lock that is only
 * taken while the service is saturated.
 *
 * <p>Implementation note.
 *
 * <pre>
 *   tryEnter ──▶ nobody waits and there is a place: taken by one compare-and-set
 *   await    ──▶ queue: highest priority first, then in order of arrival
 *   leave    ──▶ place back; whoever is first in the queue gets it
 * </pre>
 *
 * Invariant: while calls wait no place is free for longer than it takes to hand it over. A call that waits is in the queue before
 * it looks for a place once more, and who leaves gives the place back before looking at the queue, so that one of the two sees the
 * other. Cost while nobody waits: one word read and one swapped. Rules are passed in, so that their change keeps the queue; places
 * are handed over by the rules of whoever came last, since who leaves may have come under older ones.
 */
public final class Places {
    /** A call that waits. */
    public interface Waiter {
        /** It has a place now. Any thread, no lock held; must not do the work of the call there. */
        void onPlace();

        /** It gives way to a call of higher priority. Any thread, no lock held. */
        void onShed();
    }

    private record Waiting(Waiter waiter, int priority) {}

    private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();
    // Keys grow in the order in which places are given.
    private final TreeMap<Long, Waiting> queue = new TreeMap<>();
    private long arrivals;
    private @Nullable LimitRules latest;
    private volatile int waiting;

    Places() {}

    /** How many places there are, and what the service's latency says of it. */
    public ConcurrencyLimiter limiter() {
        return limiter;
    }

    /** Calls that wait. */
    public int waiting() {
        return waiting;
    }

    /** Takes a place; false when there is none, or others wait for one. */
    public boolean tryEnter(LimitRules rules) {
        return waiting == 0 && limiter.tryAcquire(rules);
    }

    /**
     * Lets a call wait, unless the queue is full of calls that matter as much; the youngest of those that matter least gives way.
     *
     * @param priority 0 to 100
     * @return the ticket to {@link #withdraw} with; 0 when the call may not wait
     */
    public long await(Waiter waiter, int priority, LimitRules rules) {
        Waiting gone = null;
        long ticket;
        synchronized (this) {
            latest = rules;
            if (queue.size() >= rules.queueMax()) {
                if (queue.isEmpty() || queue.lastEntry().getValue().priority() >= priority) {
                    return 0;
                }
                gone = queue.pollLastEntry().getValue();
            }
            arrivals++;
            ticket = ((long) (100 - priority) << 48) + arrivals;
            queue.put(ticket, new Waiting(waiter, priority));
            waiting = queue.size();
        }
        if (gone != null) {
            gone.waiter().onShed();
        }
        serve();
        return ticket;
    }

    /** The call waits no more. False: it does not any more, since it got a place or gave way, and hears so or has heard. */
    public synchronized boolean withdraw(long ticket) {
        Waiting gone = queue.remove(ticket);
        waiting = queue.size();
        return gone != null;
    }

    /** Gives a place back; who is first in the queue gets it. */
    public void leave() {
        limiter.release();
        if (waiting > 0) {
            serve();
        }
    }

    private void serve() {
        List<Waiter> served = new ArrayList<>(1);
        synchronized (this) {
            LimitRules rules = latest;
            while (rules != null && !queue.isEmpty() && limiter.tryAcquire(rules)) {
                served.add(queue.pollFirstEntry().getValue().waiter());
            }
            waiting = queue.size();
        }
        for (Waiter next : served) {
            next.onPlace();
        }
    }
}
