package io.tollgate.node.trace;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** A collector that takes OTLP over HTTP and hands out the spans as they come. Thread-safe. */
final class Collector implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final HttpServer server;
    private final int status;
    private final CountDownLatch open;
    private final BlockingQueue<Span> spans = new LinkedBlockingQueue<>();
    private final Map<String, String> resource = new HashMap<>();

    private Collector(int status, CountDownLatch open) {
        this.status = status;
        this.open = open;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    static Collector taking() {
        return new Collector(200, new CountDownLatch(0));
    }

    /** One that reads what is sent and takes nothing of it. */
    static Collector refusing() {
        return new Collector(400, new CountDownLatch(0));
    }

    /** One that answers nothing before it is opened. */
    static Collector holding(CountDownLatch open) {
        return new Collector(200, open);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
    }

    /** The next span of this kind; others that come before are left out. */
    Span next(Span.SpanKind kind) throws InterruptedException {
        while (true) {
            Span span = spans.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (span == null) {
                throw new AssertionError("no span of kind " + kind);
            }
            if (span.getKind() == kind) {
                return span;
            }
        }
    }

    /** So many spans, in the order of their start. */
    List<Span> next(int count) throws InterruptedException {
        List<Span> all = new ArrayList<>();
        while (all.size() < count) {
            Span span = spans.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (span == null) {
                throw new AssertionError("no more spans than " + all);
            }
            all.add(span);
        }
        all.sort(Comparator.comparingLong(Span::getStartTimeUnixNano));
        return all;
    }

    /** What the spans say of the program that made them. */
    synchronized Map<String, String> resource() {
        return Map.copyOf(resource);
    }

    static Map<String, String> attributes(Span span) {
        return texts(span.getAttributesList());
    }

    static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static Map<String, String> texts(List<KeyValue> values) {
        Map<String, String> texts = new HashMap<>();
        for (KeyValue value : values) {
            AnyValue any = value.getValue();
            texts.put(value.getKey(), any.hasIntValue() ? Long.toString(any.getIntValue()) : any.getStringValue());
        }
        return texts;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body);
            if (status == 200) {
                request.getResourceSpansList().forEach(this::take);
            }
        }
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private synchronized void take(ResourceSpans from) {
        resource.putAll(texts(from.getResource().getAttributesList()));
        for (ScopeSpans scope : from.getScopeSpansList()) {
            spans.addAll(scope.getSpansList());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
