package io.tollgate.node.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.node.exchange.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Callers whose tokens hold and whom no configuration knows yet: tells the control plane of them, and lets their calls go on when a configuration
 * does. Shared; guarded by its own lock, which is only taken for callers that are new.
 */
public final class NewSubjects {
    /** Longest wait of a call: many times what a revision takes to come back. */
    static final long WAIT_MILLIS_MAX = 5_000;
    /** Calls that wait. */
    static final int WAITING_MAX = 1_024;
    /** Subjects that did not become known in time are told no more often than this, and nobody waits for them meanwhile. */
    static final Duration GIVEN_UP = Duration.ofSeconds(10);

    private static final int GIVEN_UP_MAX = 8_192;

    private final Map<Subject, List<Runnable>> waiting = new HashMap<>();
    private final Cache<Subject, Boolean> givenUp;
    private int callsWaiting;
    private @Nullable CompiledConfiguration latest;
    private Outlet outlet = (issuerId, subject) -> {};

    NewSubjects(Clock clock) {
        givenUp = Caffeine.newBuilder()
                .maximumSize(GIVEN_UP_MAX)
                .ticker(clock::nanos)
                .expireAfterWrite(GIVEN_UP)
                .build();
    }

    /** Who tells the control plane. */
    @FunctionalInterface
    public interface Outlet {
        /** At once, and in bounded time; any thread. */
        void tell(String issuerId, String subject);
    }

    private record Subject(String issuerId, String value) {
        boolean isKnown(CredentialBindings bindings) {
            return bindings.find(CredentialBindings.jwt(issuerId, value)) != null;
        }
    }

    /** From now on they are told there. */
    public synchronized void tellTo(Outlet control) {
        outlet = control;
    }

    /** Has a configuration been served that may know them? Lets their calls go on then. */
    public void served(CompiledConfiguration configuration) {
        List<Runnable> free = new ArrayList<>();
        synchronized (this) {
            latest = configuration;
            for (Iterator<Map.Entry<Subject, List<Runnable>>> all =
                            waiting.entrySet().iterator();
                    all.hasNext(); ) {
                Map.Entry<Subject, List<Runnable>> one = all.next();
                if (one.getKey().isKnown(configuration.bindings())) {
                    free.addAll(one.getValue());
                    callsWaiting -= one.getValue().size();
                    all.remove();
                }
            }
        }
        free.forEach(Runnable::run);
    }

    /** Whether a call may wait for this one now; what is told is told then. */
    synchronized boolean await(String issuerId, String value, Runnable then) {
        Subject subject = new Subject(issuerId, value);
        CompiledConfiguration served = latest;
        if (served != null && subject.isKnown(served.bindings())) {
            // It came while this call was decided on.
            then.run();
            return true;
        }
        if (callsWaiting >= WAITING_MAX || givenUp.getIfPresent(subject) != null) {
            return false;
        }
        List<Runnable> calls = waiting.get(subject);
        if (calls == null) {
            calls = new ArrayList<>();
            waiting.put(subject, calls);
            outlet.tell(issuerId, value);
        }
        calls.add(then);
        callsWaiting++;
        return true;
    }

    /** This call waits no longer: its client is gone, or it has waited for too long. */
    synchronized void leave(String issuerId, String value, Runnable then, Leaving why) {
        Subject subject = new Subject(issuerId, value);
        if (why == Leaving.TOO_LONG) {
            givenUp.put(subject, true);
        }
        List<Runnable> calls = waiting.get(subject);
        if (calls != null && calls.remove(then)) {
            callsWaiting--;
            if (calls.isEmpty()) {
                waiting.remove(subject);
            }
        }
    }

    /** Why a call waits no longer. Immutable. */
    enum Leaving {
        CLIENT_GONE,
        TOO_LONG
    }

    /** Calls that wait. */
    synchronized int waiting() {
        return callsWaiting;
    }
}
