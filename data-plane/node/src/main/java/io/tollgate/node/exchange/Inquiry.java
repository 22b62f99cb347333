package io.tollgate.node.exchange;

import io.tollgate.engine.upstream.Upstream;
import java.util.List;

/**
 * A question that a service is asked about a call. It has no body. Immutable.
 *
 * @param service that is asked
 * @param method of HTTP
 * @param path below the service's prefix
 * @param fields in order; one character per octet, valid
 * @param wanted the fields of the answer that matter
 * @param timeoutMillis how long the answer is waited for, 1 at least
 * @param bodyBytesMax what may be kept of an answer's body
 */
public record Inquiry(
        Upstream service,
        String method,
        String path,
        List<GatewayAnswer.Field> fields,
        NameSet wanted,
        long timeoutMillis,
        int bodyBytesMax) {
    /** Copies the list. */
    public Inquiry {
        fields = List.copyOf(fields);
    }

    /** Hears once what became of it. Event-loop confined. */
    public interface Listener {
        /** The service answered: with any status from 200 on; the body is empty when it was too long. */
        void onAnswer(GatewayAnswer answer);

        /** There is no answer, or none that was understood. */
        void onFailure();
    }
}
