package io.tollgate.controlplane.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;

/** Waits for an ACME server to be done with something, and asks when it wants to be asked. One thread. */
final class Patience {
    /** Beyond it the attempt ends and a later one goes on. */
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);

    /** Of a server that does not say when; then half as long again each time. */
    private static final Duration FIRST = Duration.ofMillis(250);

    private static final Duration LAST = Duration.ofSeconds(10);

    private final Clock clock;

    Patience(Clock clock) {
        this.clock = clock;
    }

    /** Returns once {@code resource} has one of these statuses. */
    void await(PollableResource resource, Set<Status> statuses)
            throws AcmeException, OrderFailed, InterruptedException {
        Instant deadline = clock.instant().plus(WAIT_MAX);
        Duration wait = FIRST;
        while (true) {
            Instant asked = resource.fetch().orElse(Instant.MIN);
            if (statuses.contains(resource.getStatus())) {
                return;
            }
            Instant now = clock.instant();
            Instant next = asked.isAfter(now.plus(FIRST)) ? asked : now.plus(wait);
            if (next.isAfter(deadline)) {
                throw new OrderFailed(
                        "the server is not done yet (" + resource.getStatus() + ")",
                        OrderFailed.End.KEEP,
                        asked.isAfter(now) ? asked : null);
            }
            Thread.sleep(Duration.between(now, next).toMillis());
            wait = wait.multipliedBy(3).dividedBy(2);
            if (wait.compareTo(LAST) > 0) {
                wait = LAST;
            }
        }
    }
}
