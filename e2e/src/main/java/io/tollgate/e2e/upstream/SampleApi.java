package io.tollgate.e2e.upstream;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The sample API.
 *
 * <pre>
 * GET  /pets, /pets/{id}       three pets, one pet (404 for another id)
 * any  /echo, /echo/...        the request as JSON: method, path, query, headers, body (at most 1 MiB)
 * POST /mirror                 the request's body, streamed back
 * any  /status/{code}          an empty answer with that status, 200 to 599
 * any  /delay/{millis}         "late" after that time, at most a minute
 * GET  /bytes/{n}              n bytes with a Content-Length, at most 1 GiB
 * GET  /stream/{chunks}        that many chunks, one every 10 ms, at most 10,000
 * GET  /events                 server-sent events, the head at once and then one event every 100 ms, for as long as anybody listens
 * GET  /ws                     a WebSocket that says back what it hears
 * any  /reset                  promises 1,000 bytes, sends 500, and breaks the connection
 * GET  /healthz                "ok"
 * any  /sick/{code}            from now on that status for everything above, /healthz too; 200: well again
 * any  /calls                  how many calls of what is above there were
 * </pre>
 *
 * <p>Event-loop confined.
 */
final class SampleApi implements Handler<HttpServerRequest> {
    private static final long DELAY_MILLIS_MAX = 60_000;
    private static final long CHUNKS_MAX = 10_000;
    private static final long CHUNK_INTERVAL_MILLIS = 10;
    private static final long EVENT_INTERVAL_MILLIS = 100;
    private static final long BYTES_MAX = 1L << 30;
    private static final int ECHO_BYTES_MAX = 1 << 20;
    private static final int PROMISED_BYTES = 1_000;

    private static final JsonArray PETS = new JsonArray()
            .add(pet(1, "Ada", "cat"))
            .add(pet(2, "Bello", "dog"))
            .add(pet(3, "Coco", "parrot"));
    private static final Buffer PETS_BODY = PETS.toBuffer();
    private static final Buffer BLOCK = Buffer.buffer("x".repeat(32 * 1024));

    private final Vertx vertx;
    private long sickCode = 200;
    private long calls;

    SampleApi(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        if (path == null) {
            status(request, 400);
        } else if (path.startsWith("/sick/")) {
            withNumber(request, path, 200, 599, code -> {
                sickCode = code;
                text(request.response(), "so be it");
            });
        } else if (path.equals("/calls")) {
            text(request.response(), Long.toString(calls));
        } else {
            calls++;
            if (sickCode != 200) {
                status(request, (int) sickCode);
            } else {
                well(request, path);
            }
        }
    }

    private void well(HttpServerRequest request, String path) {
        if (path.equals("/pets")) {
            json(request.response(), PETS_BODY);
        } else if (path.startsWith("/pets/")) {
            onePet(request, path.substring("/pets/".length()));
        } else if (path.equals("/echo") || path.startsWith("/echo/")) {
            echo(request, path);
        } else if (path.equals("/mirror")) {
            mirror(request);
        } else if (path.startsWith("/status/")) {
            withNumber(request, path, 200, 599, code -> status(request, (int) code));
        } else if (path.startsWith("/delay/")) {
            withNumber(request, path, 0, DELAY_MILLIS_MAX, millis -> delay(request, millis));
        } else if (path.startsWith("/bytes/")) {
            withNumber(request, path, 0, BYTES_MAX, length -> bytes(request.response(), length));
        } else if (path.startsWith("/stream/")) {
            withNumber(request, path, 0, CHUNKS_MAX, chunks -> stream(request.response(), chunks));
        } else if (path.equals("/events")) {
            events(request.response());
        } else if (path.equals("/reset")) {
            reset(request);
        } else if (path.equals("/healthz")) {
            text(request.response(), "ok");
        } else {
            status(request, 404);
        }
    }

    private static void onePet(HttpServerRequest request, String id) {
        for (int i = 0; i < PETS.size(); i++) {
            JsonObject pet = PETS.getJsonObject(i);
            if (id.equals(Integer.toString(pet.getInteger("id")))) {
                json(request.response(), pet.toBuffer());
                return;
            }
        }
        status(request, 404);
    }

    private static void echo(HttpServerRequest request, String path) {
        Buffer body = Buffer.buffer();
        request.handler(block -> {
            if (body.length() <= ECHO_BYTES_MAX) {
                body.appendBuffer(block);
            }
        });
        request.endHandler(end -> {
            if (body.length() > ECHO_BYTES_MAX) {
                status(request, 413);
                return;
            }
            JsonObject headers = new JsonObject();
            for (String name : request.headers().names()) {
                headers.put(
                        name.toLowerCase(Locale.ROOT),
                        new JsonArray(request.headers().getAll(name)));
            }
            JsonObject echo = new JsonObject()
                    .put("method", request.method().name())
                    .put("path", path)
                    .put("query", request.query())
                    .put("headers", headers)
                    .put("body", body.toString());
            json(request.response(), echo.toBuffer());
        });
    }

    private static void mirror(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        if (length == null) {
            request.response().setChunked(true);
        } else {
            request.response().putHeader("Content-Length", length);
        }
        request.response().putHeader("Content-Type", "application/octet-stream");
        request.pipeTo(request.response());
    }

    private void delay(HttpServerRequest request, long millis) {
        if (millis == 0) {
            text(request.response(), "late");
            return;
        }
        vertx.setTimer(millis, timer -> text(request.response(), "late"));
    }

    private static void bytes(HttpServerResponse response, long length) {
        response.putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Length", Long.toString(length));
        new ByteSource(response, length).send();
    }

    private void stream(HttpServerResponse response, long chunks) {
        response.setChunked(true).putHeader("Content-Type", "text/plain");
        nextChunk(response, 0, chunks);
    }

    private void nextChunk(HttpServerResponse response, long sent, long chunks) {
        if (response.closed()) {
            return;
        }
        if (sent == chunks) {
            response.end();
            return;
        }
        response.write("chunk " + sent + "\n");
        vertx.setTimer(CHUNK_INTERVAL_MILLIS, timer -> nextChunk(response, sent + 1, chunks));
    }

    private void events(HttpServerResponse response) {
        response.setChunked(true).putHeader("Content-Type", "text/event-stream");
        response.writeHead();
        nextEvent(response, 0);
    }

    private void nextEvent(HttpServerResponse response, long sent) {
        vertx.setTimer(EVENT_INTERVAL_MILLIS, timer -> {
            if (!response.closed()) {
                response.write("data: " + sent + "\n\n");
                nextEvent(response, sent + 1);
            }
        });
    }

    /** Takes the WebSockets of {@code /ws}, and no others. */
    static void shakeHands(ServerWebSocketHandshake handshake) {
        if (handshake.path().equals("/ws")) {
            handshake.accept();
        } else {
            handshake.reject(404);
        }
    }

    /** Says back what it hears, frame by frame. */
    static void echo(ServerWebSocket socket) {
        socket.frameHandler(frame -> {
            if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
                socket.writeFrame(frame);
            }
        });
    }

    private static void reset(HttpServerRequest request) {
        request.response()
                .putHeader("Content-Length", Integer.toString(PROMISED_BYTES))
                .write(BLOCK.getBuffer(0, PROMISED_BYTES / 2))
                .onComplete(written -> request.connection().close());
    }

    private static void withNumber(HttpServerRequest request, String path, long min, long max, LongConsumer then) {
        Long number = lastSegment(path);
        if (number == null || number < min || number > max) {
            status(request, 400);
        } else {
            then.accept(number);
        }
    }

    private static @Nullable Long lastSegment(String path) {
        try {
            return Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static void status(HttpServerRequest request, int code) {
        HttpServerResponse response = request.response().setStatusCode(code);
        if (!request.method().equals(HttpMethod.HEAD) && code != 204 && code != 304) {
            response.putHeader("Content-Length", "0");
        }
        response.end();
    }

    private static void text(HttpServerResponse response, String body) {
        if (!response.closed()) {
            response.putHeader("Content-Type", "text/plain").end(body);
        }
    }

    private static void json(HttpServerResponse response, Buffer body) {
        response.putHeader("Content-Type", "application/json").end(body);
    }

    private static JsonObject pet(int id, String name, String kind) {
        return new JsonObject().put("id", id).put("name", name).put("kind", kind);
    }

    /** Sends a number of bytes as fast as the other side takes them. Event-loop confined. */
    private static final class ByteSource {
        private final HttpServerResponse response;
        private long left;

        ByteSource(HttpServerResponse response, long length) {
            this.response = response;
            this.left = length;
        }

        void send() {
            while (left > 0 && !response.closed() && !response.writeQueueFull()) {
                int length = (int) Math.min(left, BLOCK.length());
                left -= length;
                response.write(BLOCK.getBuffer(0, length));
            }
            if (left > 0 && !response.closed()) {
                response.drainHandler(drained -> send());
            } else if (left == 0 && !response.ended() && !response.closed()) {
                response.end();
            }
        }
    }
}
