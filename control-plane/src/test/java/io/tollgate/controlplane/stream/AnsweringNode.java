package io.tollgate.controlplane.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tollgate.proto.config.v1.AcmeChallenge;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ObjectKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A node's end of the stream that answers the challenges of ACME which it has acknowledged, and no others; taken one update after the other
 * on a thread of its own.
 */
public final class AnsweringNode implements AutoCloseable {
    private static final String PLACE = "/.well-known/acme-challenge/";

    private final TestNode node;
    private final HttpServer server;
    private final Map<String, AcmeChallenge> challenges = new ConcurrentHashMap<>();
    private final Object gate = new Object();
    private boolean stopped;
    private volatile boolean closed;
    private final Thread taker = new Thread(this::take, "answering-node");

    private AnsweringNode(int streamPort, String id) throws IOException {
        node = TestNode.dial(streamPort).hello(id, 1);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext(PLACE, this::answer);
        server.start();
        taker.setDaemon(true);
        taker.start();
    }

    /** Dials and holds what there is, soon. */
    public static AnsweringNode dial(int streamPort, String id) {
        try {
            return new AnsweringNode(streamPort, id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it answers. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** How many challenges it answers. */
    public int challenges() {
        return challenges.size();
    }

    /** Acknowledges nothing from now on, until {@link #goOn}. */
    public void holdBack() {
        synchronized (gate) {
            stopped = true;
        }
    }

    public void goOn() {
        synchronized (gate) {
            stopped = false;
            gate.notifyAll();
        }
    }

    private void take() {
        while (!closed) {
            if (!node.hasUpdate()) {
                Thread.onSpinWait();
                continue;
            }
            TestNode.Received update = node.next();
            awaitGate();
            node.fold(update);
            if (update.isFull()) {
                challenges.clear();
            }
            update.changes().forEach(this::fold);
            node.ack(update);
        }
    }

    private void awaitGate() {
        synchronized (gate) {
            while (stopped && !closed) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void fold(Change change) {
        if (change.getKind() != ObjectKind.OBJECT_KIND_ACME_CHALLENGE) {
            return;
        }
        if (change.getRemoved()) {
            challenges.remove(change.getId());
            return;
        }
        try {
            challenges.put(change.getId(), AcmeChallenge.parseFrom(change.getObject()));
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestURI().getPath().substring(PLACE.length());
        String said = challenges.values().stream()
                .filter(challenge -> challenge.getToken().equals(token))
                .map(AcmeChallenge::getKeyAuthorization)
                .findFirst()
                .orElse("");
        byte[] body = said.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        closed = true;
        goOn();
        server.stop(0);
        node.close();
    }
}
