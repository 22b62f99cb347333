package io.tollgate.node.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tollgate.engine.upstream.LimitRules;
import io.tollgate.engine.upstream.Places;
import io.tollgate.engine.upstream.Target;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.pipeline.CompiledSnapshot;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells what a node knows of the services and targets that it calls, as JSON. Immutable functions. */
final class UpstreamsText {
    private static final JsonFactory JSON = new JsonFactory();

    private UpstreamsText() {}

    static String json(@Nullable CompiledSnapshot snapshot, long nowMillis) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeArrayFieldStart("services");
            if (snapshot != null) {
                List<Upstream> upstreams = snapshot.configuration().upstreams().values().stream()
                        .sorted(Comparator.comparing(Upstream::name))
                        .toList();
                for (Upstream upstream : upstreams) {
                    service(out, upstream, nowMillis);
                }
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all text", e);
        }
        return text.append('\n').toString();
    }

    private static void service(JsonGenerator out, Upstream upstream, long nowMillis) throws IOException {
        out.writeStartObject();
        out.writeStringField("service", upstream.name());
        out.writeBooleanField("enabled", upstream.enabled());
        out.writeStringField(
                "circuit",
                upstream.rules().circuit() == null
                        ? "none"
                        : upstream.state()
                                .circuit()
                                .phase()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'));
        Places places = upstream.state().places();
        out.writeNumberField("calls_with_a_place", places.limiter().inFlight());
        out.writeNumberField("calls_waiting", places.waiting());
        LimitRules limit = upstream.rules().limit();
        if (limit != null) {
            out.writeNumberField("places", places.limiter().limit(limit));
        }
        out.writeArrayFieldStart("targets");
        List<TargetState> states = new ArrayList<>();
        List<Target> targets = new ArrayList<>();
        upstream.forEach((target, state) -> {
            targets.add(target);
            states.add(state);
        });
        for (int i = 0; i < states.size(); i++) {
            target(out, targets.get(i), states.get(i), nowMillis);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void target(JsonGenerator out, Target target, TargetState state, long nowMillis) throws IOException {
        out.writeStartObject();
        out.writeStringField("host", target.host());
        out.writeNumberField("port", target.port());
        out.writeNumberField("weight", target.weight());
        out.writeStringField("zone", target.zone());
        out.writeBooleanField("callable", target.weight() > 0 && state.isWarm() && !state.isOut(nowMillis));
        out.writeStringField("checked", state.verdict().name().toLowerCase(Locale.ROOT));
        long until = state.ejectedUntilMillis(nowMillis);
        if (until > 0) {
            out.writeStringField("ejected_until", Instant.ofEpochMilli(until).toString());
        }
        out.writeNumberField("consecutive_failures", state.consecutiveFailures());
        out.writeNumberField("in_flight", state.inFlight());
        out.writeEndObject();
    }
}
