package io.tollgate.node.smuggling;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Wire;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Thousands of answers that divide programs, each with another one hidden in or behind it, over connections that are used again: whoever
 * asks sees one answer, whose every byte belongs to its own request, or none that looks whole.
 */
class MutatedAnswersTest {
    private static final int ANSWERS = 8_000;
    private static final int THREADS = 8;
    private static final int WRONG_MAX = 20;
    private static final Pattern NUMBER = Pattern.compile("(?:answer|forged)-(\\d+)-");
    private static final Pattern ASKED = Pattern.compile("GET /(\\d+) ");
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) [^\r\n]*\r\n");

    private static final String[] LINES = {
        "HTTP/1.1 200 OK",
        "HTTP/1.0 200 OK",
        "HTTP/1.1 204 No Content",
        "HTTP/1.1 304 Not Modified",
        "HTTP/1.1 103 Early Hints",
        "HTTP/1.1 100 Continue",
        "HTTP/1.1 101 Switching Protocols",
        "HTTP/1.1 +200 OK",
        "HTTP/1.1 0200 OK",
        "HTTP/1.1 600 Far",
        "HTTP/1.2 200 OK",
        "HTTP/2.0 200 OK",
        "HTTP/1.1  200 OK",
        "HTTP/1.1 200",
        "http/1.1 200 OK",
        "HTTP/1.1 200 O\u0000K",
        "\r\nHTTP/1.1 200 OK",
        "ICY 200 OK"
    };
    private static final String[] LENGTHS = {
        "Content-Length: %d",
        "Content-Length: %d\r\nContent-Length: %d",
        "Content-Length: %d\r\nContent-Length: 0",
        "Content-Length: 0",
        "Content-Length: 5",
        "Content-Length: 900",
        "Content-Length: %d, %d",
        "Content-Length: +%d",
        "Content-Length: -%d",
        "Content-Length: 0x%d",
        "Content-Length:",
        "Content-Length : %d",
        "Content-Length: %d\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked\r\nContent-Length: %d",
        "Content-Length\u0000: %d",
        " Content-Length: %d",
        "X: y\nContent-Length: %d",
        "X: y\rContent-Length: %d",
        "X: \u0000\r\nContent-Length: %d",
        "no colon\r\nContent-Length: %d",
        ": z\r\nContent-Length: %d",
        "X: y\r\n z\r\nContent-Length: %d"
    };
    private static final String[] CODINGS = {
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: Chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding:\u000bchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3"
    };
    private static final String[] SIZES = {
        "%x\r\n",
        "0%x\r\n",
        "%x;a=b\r\n",
        "%x \r\n",
        "0x%x\r\n",
        "-%x\r\n",
        "%x\n",
        "%x;\n\r\n",
        "\r\n",
        "ffffffffffffffff%x\r\n"
    };
    private static final String[] ENDS = {
        "\r\n0\r\n\r\n", "\r\n0\r\nX: y\r\n\r\n", "0\r\n\r\n", "\n0\r\n\r\n", "\r\n0\r\nX: \u0000\r\n\r\n", ""
    };

    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void mutatedAnswers_reachTheirOwnRequestOrNobody() throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("MutatedAnswersTest seed=" + seed);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> serve(connection, seed));
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service(
                                "pets",
                                upstream.port(),
                                service -> service.setIdleTimeoutMillis(300).setResponseTimeoutMillis(300))
                        .route("pets", "/", "pets"))) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int first = t;
                threads.add(new Thread(() -> ask(gateway, first)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(wrong).as("seed %d", seed).isEmpty();
        // Both must happen often, or little was proved.
        assertThat(passed.get()).isGreaterThan(ANSWERS / 10);
        assertThat(refused.get()).isGreaterThan(ANSWERS / 10);
    }

    private static void serve(Wire connection, long seed) {
        for (String request = connection.readHead(); !request.isEmpty(); request = connection.readHead()) {
            Matcher asked = ASKED.matcher(request);
            if (!asked.find()) {
                return;
            }
            int number = Integer.parseInt(asked.group(1));
            Random random = new Random(seed + number);
            connection.send(answer(number, random));
            if (random.nextInt(4) == 0) {
                return;
            }
        }
    }

    private static String answer(int number, Random random) {
        String body = "answer-" + number + "-";
        String forged = "HTTP/1.1 200 OK\r\nContent-Length: " + ("forged-" + number + "-").length() + "\r\n\r\nforged-"
                + number + "-";
        String frame;
        if (random.nextInt(3) > 0) {
            frame = mostly(LENGTHS, random).replace("%d", Integer.toString(body.length())) + "\r\n\r\n" + body;
        } else {
            frame = mostly(CODINGS, random) + "\r\n\r\n"
                    + mostly(SIZES, random).replace("%x", Integer.toHexString(body.length())) + body
                    + mostly(ENDS, random);
        }
        return mostly(LINES, random) + "\r\n" + frame + (random.nextInt(3) == 0 ? forged : "");
    }

    private static String mostly(String[] from, Random random) {
        return random.nextInt(3) == 0 ? from[random.nextInt(from.length)] : from[0];
    }

    private void ask(Gateway gateway, int first) {
        RawClient client = gateway.connect();
        for (int number = first; number < ANSWERS && wrong.size() < WRONG_MAX; number += THREADS) {
            String answer = exchange(client, number);
            judge(number, answer);
            if (!isWhole(answer)) {
                client.close();
                client = gateway.connect();
            }
        }
        client.close();
    }

    /** One answer, with all that comes before it; what there is of it when it breaks off. */
    private static String exchange(RawClient client, int number) {
        StringBuilder all = new StringBuilder();
        try {
            client.send("GET /" + number + " HTTP/1.1\r\nHost: a\r\n\r\n");
            String head = client.readHead();
            while (head.startsWith("HTTP/1.1 1")) {
                all.append(head);
                head = client.readHead();
            }
            all.append(head);
            String lower = head.toLowerCase(java.util.Locale.ROOT);
            if (lower.contains("transfer-encoding: chunked")) {
                while (!all.toString().endsWith("\r\n0\r\n\r\n")
                        && !all.toString().endsWith("\r\n0\r\nX: y\r\n\r\n")) {
                    String next = client.read(1);
                    if (next.isEmpty()) {
                        return all.append("(cut)").toString();
                    }
                    all.append(next);
                }
            } else if (lower.contains("content-length: ") && !head.startsWith("HTTP/1.1 304")) {
                int at = lower.indexOf("content-length: ") + 16;
                int length = Integer.parseInt(lower.substring(at, lower.indexOf("\r\n", at)));
                String body = client.read(length);
                all.append(body).append(body.length() < length ? "(cut)" : "");
            }
        } catch (UncheckedIOException e) {
            return all.append("(cut)").toString();
        }
        return all.toString();
    }

    private static boolean isWhole(String answer) {
        return !answer.endsWith("(cut)")
                && answer.contains("\r\n\r\n")
                && !answer.toLowerCase(java.util.Locale.ROOT).contains("connection: close");
    }

    private void judge(int number, String answer) {
        Matcher numbers = NUMBER.matcher(answer);
        while (numbers.find()) {
            if (!numbers.group(1).equals(Integer.toString(number))) {
                wrong.add(number + " got bytes of another one: " + answer);
            }
        }
        Matcher status = STATUS_LINE.matcher(answer);
        if (!answer.isEmpty() && !answer.equals("(cut)") && !status.lookingAt()) {
            wrong.add(number + " got what is no answer: " + answer);
        }
        if (answer.indexOf('\0') >= 0) {
            wrong.add(number + " got a NUL: " + answer);
        }
        (answer.contains("HTTP/1.1 502 ") || answer.contains("HTTP/1.1 504 ") || answer.endsWith("(cut)")
                        ? refused
                        : passed)
                .incrementAndGet();
    }
}
