package io.tollgate.node.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.node.pipeline.CompiledSnapshot;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a node serves, without a secret: counts and routes, no keys and no digests of keys. Immutable.
 *
 * @param nodeId stable name of the node
 * @param bootEpoch number of this start
 * @param zone where the node stands
 */
public record SnapshotText(String nodeId, long bootEpoch, String zone) {
    private static final JsonFactory JSON = new JsonFactory();

    String json(@Nullable CompiledSnapshot snapshot) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("node_id", nodeId);
            out.writeNumberField("boot_epoch", bootEpoch);
            out.writeStringField("zone", zone);
            out.writeNumberField("revision", snapshot == null ? 0 : snapshot.revision());
            if (snapshot != null) {
                configuration(out, snapshot.configuration());
                out.writeStringField(
                        "published_at",
                        Instant.ofEpochMilli(snapshot.publishedAtMillis()).toString());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all text", e);
        }
        return text.append('\n').toString();
    }

    private static void configuration(JsonGenerator out, CompiledConfiguration configuration) throws IOException {
        out.writeStringField("digest", HexFormat.of().formatHex(configuration.digest()));
        out.writeNumberField("services", configuration.upstreams().size());
        out.writeNumberField("routes", configuration.routesByOrdinal().size());
        out.writeNumberField("plans", configuration.plans());
        out.writeNumberField("consumers", configuration.consumers());
        out.writeNumberField("credentials", configuration.credentials().size());
        out.writeStringField("route_index", configuration.routes().print());
    }
}
