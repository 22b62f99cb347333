package io.tollgate.controlplane.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tollgate.proto.config.v1.TargetHealth;
import java.util.Locale;

/**
 * How one node sees one target of a service, as it said last. Immutable.
 *
 * @param checked unknown, healthy or unhealthy: what the active check says
 * @param ejectedUntilMillis milliseconds since the Unix epoch; 0: not ejected
 * @param detail why, for people
 */
public record TargetView(
        @JsonProperty("service_id") String serviceId,
        String host,
        int port,
        String checked,
        @JsonProperty("ejected_until_millis") long ejectedUntilMillis,
        @JsonProperty("in_flight") int inFlight,
        String detail) {
    static TargetView of(TargetHealth said) {
        String condition = said.getChecked().name().substring("TARGET_CONDITION_".length());
        return new TargetView(
                said.getServiceId(),
                said.getHost(),
                said.getPort(),
                condition.equals("UNSPECIFIED") ? "unknown" : condition.toLowerCase(Locale.ROOT),
                said.getEjectedUntilMillis(),
                said.getInFlight(),
                said.getDetail());
    }
}
