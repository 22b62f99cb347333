package io.tollgate.bench.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long a change takes from the admin API's answer to its enforcement: a key is issued without waiting, and the node is asked with it
 * until it lets it pass. Main thread only.
 */
final class Propagation {
    private static final int CHANGES = 100;
    private static final long GIVE_UP_NANOS = 10_000_000_000L;

    private Propagation() {}

    static String measure(Tollgate tollgate) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        long[] micros = new long[CHANGES];
        // Names are used once, however often this is measured.
        String name = "propagation-" + System.nanoTime() + "-";
        for (int i = 0; i < CHANGES; i++) {
            String secret = tollgate.issueKey(name + i, null);
            long answeredNanos = System.nanoTime();
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + tollgate.proxyPort() + "/pets"))
                    .header("X-Api-Key", secret)
                    .build();
            while (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
                if (System.nanoTime() - answeredNanos > GIVE_UP_NANOS) {
                    throw new IllegalStateException("a key was not live within ten seconds");
                }
            }
            micros[i] = (System.nanoTime() - answeredNanos) / 1_000;
        }
        Arrays.sort(micros);
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.1f ms, max %.1f ms (%d keys issued one after the other; includes the call that finds out)",
                micros[CHANGES / 2] / 1e3,
                micros[CHANGES * 99 / 100] / 1e3,
                micros[CHANGES - 1] / 1e3,
                CHANGES);
    }
}
