package io.tollgate.node.smuggling;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A hundred thousand requests that divide programs, each on a connection of its own: a service that reads strictly sees nothing but what
 * one reading of the client's bytes has, in that order; and who is refused is not read any further.
 */
class SmugglingTest {
    private static final int REQUESTS = 100_000;
    private static final int THREADS = 8;
    private static final int WRONG_MAX = 20;
    private static final String CLOSED = "\n(closed)";
    /** Until a connection that is left waiting for a body is given up; nothing is concluded from it. */
    private static final int SILENCE_MILLIS_MAX = 250;

    private final AtomicInteger forwarded = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<String> wrong = new CopyOnWriteArrayList<>();

    @Test
    void mutatedRequests_reachTheServiceAsOneReadingHasThem_orNotAtAll() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SmugglingTest seed=" + seed);
        try (StrictUpstream upstream = new StrictUpstream();
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets"))) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int first = t;
                threads.add(new Thread(() -> run(gateway, upstream, first, seed + first)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(wrong).as("seed %d", seed).isEmpty();
            assertThat(upstream.faults()).as("seed %d", seed).isEmpty();
        }
        // Both must happen often, or little was proved.
        assertThat(forwarded.get()).isGreaterThan(REQUESTS / 10);
        assertThat(refused.get()).isGreaterThan(REQUESTS / 10);
    }

    private void run(Gateway gateway, StrictUpstream upstream, int first, long seed) {
        Mutations mutations = new Mutations(new Random(seed));
        for (int number = first; number < REQUESTS && wrong.size() < WRONG_MAX; number += THREADS) {
            String bytes = mutations.connection(number);
            String answers = exchange(gateway.port(), bytes);
            List<Reading.Seen> allowed = Reading.tolerant(bytes).all();
            List<Reading.Seen> seen = upstream.requests(number);
            if (seen.size() > allowed.size() || !seen.equals(allowed.subList(0, seen.size()))) {
                wrong.add("sent " + bytes + "\nallowed " + allowed + "\nseen " + seen);
            }
            (seen.isEmpty() ? refused : forwarded).incrementAndGet();
            if (answers.contains("HTTP/1.1 400 ") && !answers.endsWith(CLOSED)) {
                wrong.add("left open after a refusal: " + bytes);
            }
        }
    }

    /** Everything that comes back, with the mark at its end when the gateway closes. */
    private static String exchange(int port, String bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MILLIS_MAX);
            socket.getOutputStream().write(Reading.octets(bytes));
            InputStream in = socket.getInputStream();
            StringBuilder answers = new StringBuilder();
            byte[] buffer = new byte[4096];
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    answers.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                }
            } catch (SocketTimeoutException e) {
                return answers.toString();
            }
            return answers.append(CLOSED).toString();
        } catch (IOException e) {
            // The gateway broke the connection off, which is an answer to nonsense.
            return "";
        }
    }
}
