package io.tollgate.e2e.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Where the walk is played: prints each step and sends its calls. One thread. */
final class Stage {
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(90);

    private static final long POLL_MILLIS = 100;

    /** What an answer is asked for. */
    interface Expected {
        /** Whether it is there; fails when it never will be. */
        boolean isIn(Answer answer) throws DemoFailed;
    }

    private final PrintStream out;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private int steps;

    Stage(PrintStream out) {
        this.out = out;
    }

    void step(String words) {
        steps++;
        out.printf("%n%2d. %s%n", steps, words);
    }

    void say(String words) {
        out.println("    " + words);
    }

    void right(String words) {
        out.println("    ok   " + words);
    }

    void wrong(String words) {
        out.println("    WRONG: " + words);
    }

    /** Shows the call as a curl line and sends it. */
    Answer play(Call call) throws IOException, InterruptedException {
        out.println("     $ " + call.curl());
        return send(call);
    }

    /** Sends the call without a word: for repeats. */
    Answer send(Call call) throws IOException, InterruptedException {
        return new Answer(client.send(call.request(ANSWER_TIME_MAX), HttpResponse.BodyHandlers.ofString()));
    }

    /**
     * Plays the call, and sends it again until its answer is as expected.
     *
     * @param seconds after which the walk ends with {@code wanted}
     */
    Answer playUntil(Call call, Expected expected, int seconds, String wanted)
            throws DemoFailed, IOException, InterruptedException {
        Answer answer = play(call);
        long deadlineNanos = System.nanoTime() + seconds * 1_000_000_000L;
        while (!expected.isIn(answer)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new DemoFailed(wanted + " within " + seconds + " s", answer.body());
            }
            Thread.sleep(POLL_MILLIS);
            answer = send(call);
        }
        return answer;
    }

    int steps() {
        return steps;
    }
}
