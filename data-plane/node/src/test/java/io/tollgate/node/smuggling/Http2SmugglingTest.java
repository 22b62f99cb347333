package io.tollgate.node.smuggling;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Upstream;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.smuggling.Http2Attempt.Fault;
import io.tollgate.node.smuggling.Http2Reading.Fate;
import io.tollgate.node.smuggling.Http2Reading.Meaning;
import io.tollgate.proto.config.v1.UpstreamProtocol;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Tens of thousands of requests of HTTP/2, most of them wrong in one to three ways, many at once on each connection: a service sees each one
 * as it reads, once, or not at all; the client is told which; and nothing else ever reaches a service.
 */
class Http2SmugglingTest {
    private static final int REQUESTS = 20_000;
    private static final int REQUESTS_TO_HTTP2 = 4_000;
    private static final int AT_ONCE = 24;
    private static final int THREADS = 4;
    private static final int WRONG_MAX = 20;
    /** Longer than a client waits: a busy machine makes no call end as one that was refused. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final Map<Integer, Http2Attempt> sent = new ConcurrentHashMap<>();
    /** By number of the request, as its client was told. */
    private final Map<Integer, String> told = new ConcurrentHashMap<>();

    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void mutatedRequests_reachAServiceOfHttp1AsTheyRead_orNotAtAll() throws Exception {
        System.out.println("Http2SmugglingTest seed=" + seed);
        Http2Sight sight = new Http2Sight(wrong);
        try (StrictUpstream upstream = new StrictUpstream(sight::onHttp1)) {
            attack(upstream.port(), UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP1, REQUESTS);
            judge(REQUESTS, upstream::requests, sight);
            assertThat(upstream.faults()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void mutatedRequests_reachAServiceOfHttp2AsTheyRead_orNotAtAll() throws Exception {
        System.out.println("Http2SmugglingTest (to HTTP/2) seed=" + seed);
        Http2Sight sight = new Http2Sight(wrong);
        Map<Integer, List<Reading.Seen>> seen = new ConcurrentHashMap<>();
        try (Http2Upstream upstream = Http2Upstream.scripted(request -> {
            seen.computeIfAbsent(sight.onHttp2(request), first -> new CopyOnWriteArrayList<>())
                    .add(Http2Sight.seen(request));
            request.answer("200", "");
        })) {
            attack(upstream.port(), UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2, REQUESTS_TO_HTTP2);
            judge(REQUESTS_TO_HTTP2, number -> seen.getOrDefault(number, List.of()), sight);
        }
    }

    private void attack(int port, UpstreamProtocol protocol, int requests) throws InterruptedException {
        try (Gateway gateway = Gateway.serving(catalog()
                .open()
                .service(
                        "pets",
                        port,
                        service -> service.setProtocol(protocol)
                                .setConnectTimeoutMillis(PATIENCE_MILLIS)
                                .setResponseTimeoutMillis(PATIENCE_MILLIS))
                .route("pets", "/pets", "pets"))) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int first = t * (requests / THREADS);
                threads.add(new Thread(() -> run(gateway, first, first + requests / THREADS)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private void run(Gateway gateway, int first, int end) {
        Random random = new Random(seed + first);
        Http2Mutations mutations = new Http2Mutations(random);
        Http2Bytes bytes = new Http2Bytes(random);
        int number = first;
        while (number < end && wrong.size() < WRONG_MAX) {
            try (Http2Wire client = gateway.connectHttp2()) {
                List<Http2Attempt> batch = new ArrayList<>();
                while (batch.size() < AT_ONCE && number < end - 1) {
                    batch.add(mutations.next(number++));
                }
                together(client, batch, bytes, random);
                Http2Attempt last = mutations.last(number++);
                atLast(client, last, bytes, 2 * batch.size() + 1);
            } catch (UncheckedIOException e) {
                wrong.add("left waiting before " + number + ": " + e);
                return;
            }
        }
    }

    /** Sends them with their frames mixed, and waits for all of their answers. */
    private void together(Http2Wire client, List<Http2Attempt> batch, Http2Bytes bytes, Random random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<List<byte[]>> open = new ArrayList<>();
        int begun = 0;
        while (begun < batch.size() || !open.isEmpty()) {
            if (begun < batch.size() && (open.isEmpty() || random.nextBoolean())) {
                Http2Attempt attempt = batch.get(begun);
                sent.put(attempt.number(), attempt);
                List<byte[]> pieces = new ArrayList<>(bytes.of(attempt, 2 * begun + 1));
                // The streams of a connection are opened in their order.
                all.writeBytes(pieces.remove(0));
                open.add(pieces);
                begun++;
                continue;
            }
            int which = random.nextInt(open.size());
            if (open.get(which).isEmpty()) {
                open.remove(which);
            } else {
                all.writeBytes(open.get(which).remove(0));
            }
        }
        client.send(all.toByteArray());
        for (int i = 0; i < batch.size(); i++) {
            Http2Attempt attempt = batch.get(i);
            if (attempt.fault() == Fault.RESET) {
                continue;
            }
            Http2Wire.Answer answer = client.answer(2 * i + 1);
            told.put(attempt.number(), answer.reset() >= 0 && !answer.isWhole() ? "reset" : answer.status());
            if (client.isOver()) {
                wrong.add("the connection ended at or before stream " + (2 * i + 1) + ": "
                        + client.awaitGoAway(1).stream()
                                .map(Http2SmugglingTest::text)
                                .toList() + ", sent " + batch);
                return;
            }
        }
    }

    /** Sends it alone; another request behind it is answered, or the connection ends. */
    private void atLast(Http2Wire client, Http2Attempt last, Http2Bytes bytes, int stream) {
        sent.put(last.number(), last);
        try {
            bytes.of(last, stream).forEach(client::send);
            client.headers(stream + 4, true, Http2Wire.head("GET", "/none"));
        } catch (UncheckedIOException e) {
            // The connection has ended already.
            return;
        }
        client.answer(stream + 4);
        told.put(last.number(), client.so(stream).status());
    }

    private static String text(Http2Wire.Frame goAway) {
        return new String(goAway.payload(), StandardCharsets.ISO_8859_1);
    }

    private void judge(int requests, IntFunction<List<Reading.Seen>> upstream, Http2Sight sight) {
        int passed = 0;
        int refused = 0;
        for (int number = 0; number < requests; number++) {
            Http2Attempt attempt = sent.get(number);
            if (attempt == null) {
                continue;
            }
            Meaning meaning = Http2Reading.of(attempt);
            List<Reading.Seen> seen = upstream.apply(number);
            String answer = told.getOrDefault(number, "");
            boolean isSeenRight = seen.isEmpty() || (meaning.seen() != null && seen.equals(List.of(meaning.seen())));
            boolean isToldRight = answer.equals("200") ? seen.size() == 1 : meaning.fate() != Fate.PASSES;
            if (!isSeenRight || !isToldRight) {
                wrong.add("seen " + seen + ", told '" + answer + "', meant " + meaning + ", sent " + attempt);
            }
            sight.compare(attempt, meaning);
            if (seen.isEmpty()) {
                refused++;
            } else {
                passed++;
            }
        }
        assertThat(wrong).as("seed %d", seed).isEmpty();
        // Both must happen often, or little was proved.
        assertThat(passed).isGreaterThan(requests / 4);
        assertThat(refused).isGreaterThan(requests / 4);
    }
}
