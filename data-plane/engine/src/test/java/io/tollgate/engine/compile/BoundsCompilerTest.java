package io.tollgate.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.tollgate.proto.config.v1.Gateway;
import io.tollgate.proto.config.v1.ListenerBounds;
import io.tollgate.proto.config.v1.ObjectKind;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BoundsCompilerTest {
    @Test
    void compile_nothingSaid_isTheDefaultsAndTheyAreWithinTheirBounds() {
        assertThat(BoundsCompiler.compile(ListenerBounds.getDefaultInstance()))
                .isEqualTo(io.tollgate.engine.listener.ListenerBounds.DEFAULTS);
        assertThat(problems(ListenerBounds.getDefaultInstance())).isEmpty();
    }

    @Test
    void fields_ofTheWire_areThoseOfTheRecord() {
        List<String> components = Arrays.stream(io.tollgate.engine.listener.ListenerBounds.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        assertThat(fields().map(FieldDescriptor::getJsonName).toList()).isEqualTo(components);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void compile_oneFieldSaid_changesThatOneAlone(FieldDescriptor field) throws ReflectiveOperationException {
        Object compiled = BoundsCompiler.compile(bounds(field, 7_001));

        for (RecordComponent component : compiled.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(compiled);
            Object usual = component.getAccessor().invoke(io.tollgate.engine.listener.ListenerBounds.DEFAULTS);
            assertThat(((Number) value).longValue())
                    .as(component.getName())
                    .isEqualTo(component.getName().equals(field.getJsonName()) ? 7_001 : ((Number) usual).longValue());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "connections_max, 1, 1000000",
        "connections_per_address_max, 1, 1000000",
        "request_line_bytes_max, 256, 65536",
        "header_fields_max, 8, 1000",
        "header_bytes_max, 1024, 1048576",
        "body_bytes_max, 0, 1125899906842624",
        "idle_timeout_millis, 1000, 86400000",
        "header_timeout_millis, 1000, 600000",
        "body_timeout_millis, 1000, 86400000",
        "body_bytes_per_second_min, 0, 1048576",
        "requests_per_connection_max, 0, 1000000000",
        "websocket_frame_bytes_max, 125, 16777216",
        "websocket_idle_timeout_millis, 1000, 86400000",
        "http2_streams_max, 1, 10000",
        "http2_resets_per_second_max, 1, 1000000",
        "http2_settings_per_second_max, 1, 1000000",
        "http2_pings_per_second_max, 1, 1000000"
    })
    void check_outsideItsBounds_isRefusedByName(String name, long least, long most) {
        FieldDescriptor field = ListenerBounds.getDescriptor().findFieldByName(name);

        assertThat(problems(bounds(field, least))).isEmpty();
        assertThat(problems(bounds(field, most))).isEmpty();
        for (long outside : new long[] {least - 1, most + 1}) {
            assertThat(problems(bounds(field, outside))).singleElement().satisfies(problem -> {
                assertThat(problem.pointer()).isEqualTo("/bounds/" + name);
                assertThat(problem.detail()).isEqualTo(outside + " (expected: " + least + " to " + most + ")");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"500, 0, 30000", "500, 499, 30998", "500, 5000, 40000", "0, 5000, 30000"})
    void bodyMillisMax_byBytes_growsByASecondForEachRate(int bytesPerSecond, long bytes, long millis) {
        ListenerBounds wire = ListenerBounds.newBuilder()
                .setBodyTimeoutMillis(30_000)
                .setBodyBytesPerSecondMin(bytesPerSecond)
                .build();
        assertThat(BoundsCompiler.compile(wire).bodyMillisMax(bytes)).isEqualTo(millis);
    }

    static Stream<FieldDescriptor> fields() {
        return ListenerBounds.getDescriptor().getFields().stream();
    }

    private static ListenerBounds bounds(FieldDescriptor field, long value) {
        boolean isLong = field.getJavaType() == FieldDescriptor.JavaType.LONG;
        Object set = isLong ? (Object) value : (Object) (int) value;
        return ListenerBounds.newBuilder().setField(field, set).build();
    }

    private static List<Problem> problems(ListenerBounds bounds) {
        ProblemList list = new ProblemList();
        ObjectKey key = new ObjectKey(ObjectKind.OBJECT_KIND_SERVICE, "1");
        BoundsCompiler.check(
                bounds,
                new ObjectProblems(list, new WireObject(key, "1", "edge", Gateway.getDefaultInstance(), List.of())));
        return list.toList();
    }
}
