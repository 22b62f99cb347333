package io.tollgate.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A Chromium without a window, with one page, spoken to by the DevTools protocol over its own WebSocket. The program is the one that the
 * system property {@code browser} names. One thread.
 */
public final class Browser implements AutoCloseable {
    private static final String LISTENING = "DevTools listening on ";
    private static final long PATIENCE_SECONDS = 60;

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Process process;
    private final WebSocket socket;
    private final String session;

    private Browser(Process process, String place) {
        this.process = process;
        this.socket =
                join(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(place), new Answers()));
        String target = ask("Target.createTarget", "{\"url\": \"about:blank\"}", null)
                .path("targetId")
                .asText();
        this.session = ask("Target.attachToTarget", "{\"targetId\": \"" + target + "\", \"flatten\": true}", null)
                .path("sessionId")
                .asText();
    }

    /**
     * Starts it.
     *
     * @param profile an empty directory
     * @param believed an authority, or a certificate, of which it believes that it is nobody else's
     */
    public static Browser start(Path profile, X509Certificate believed) {
        try {
            Process process = new ProcessBuilder(
                            System.getProperty("browser", "chromium"),
                            "--headless=new",
                            // Without a sandbox, for machines whose only user is root; it sees nothing but the test's
                            // own pages.
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + profile,
                            "--ignore-certificate-errors-spki-list=" + keyHash(believed))
                    .redirectErrorStream(true)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            try {
                return new Browser(process, place(process));
            } catch (RuntimeException | AssertionError e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String keyHash(X509Certificate certificate) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256")
                            .digest(certificate.getPublicKey().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Where it says that it is to be spoken to; what else it says is read on and thrown away. */
    private static String place(Process process) {
        CompletableFuture<String> place = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        StringBuilder said = new StringBuilder();
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            said.append(line).append('\n');
                            if (line.startsWith(LISTENING)) {
                                place.complete(line.substring(LISTENING.length()));
                            }
                        }
                        place.completeExceptionally(new IllegalStateException("the browser ended: " + said));
                    } catch (IOException e) {
                        place.completeExceptionally(e);
                    }
                },
                "browser-output");
        reader.setDaemon(true);
        reader.start();
        return join(place);
    }

    /** Opens a page and waits until all of it is there. */
    public void open(String url) {
        command("Page.enable", "{}");
        JsonNode navigated = command("Page.navigate", "{\"url\": \"" + url + "\"}");
        if (navigated.has("errorText")) {
            throw new AssertionError(url + ": " + navigated.path("errorText").asText());
        }
        evaluate(
                "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', () => done()))");
    }

    /** The value of an expression of JavaScript in the page; of a promise, once it is kept. */
    public JsonNode evaluate(String expression) {
        ObjectNode parameters = json.createObjectNode()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true);
        JsonNode answer = command("Runtime.evaluate", parameters.toString());
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    private JsonNode command(String method, String parameters) {
        return ask(method, parameters, session);
    }

    private JsonNode ask(String method, String parameters, @Nullable String within) {
        long id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        String message = "{\"id\": " + id + ", \"method\": \"" + method + "\", \"params\": " + parameters
                + (within == null ? "" : ", \"sessionId\": \"" + within + '"') + '}';
        join(socket.sendText(message, true));
        JsonNode said = join(answer);
        if (said.has("error")) {
            throw new AssertionError(method + ": " + said.path("error"));
        }
        return said.path("result");
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** What the browser says: answers by their numbers, and news that nobody asked for. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                try {
                    JsonNode said = json.readTree(message.toString());
                    CompletableFuture<JsonNode> answer =
                            asked.remove(said.path("id").asLong());
                    if (answer != null) {
                        answer.complete(said);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    message.setLength(0);
                }
            }
            from.request(1);
            return null;
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
