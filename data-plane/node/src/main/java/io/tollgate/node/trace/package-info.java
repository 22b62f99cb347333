/**
 * Traces: W3C trace context of calls, and spans for a collector of OpenTelemetry.
 *
 * <p>Entry class: {@link io.tollgate.node.trace.Traces}. Spans are made on the event loops and sent by threads of their own.
 */
@NullMarked
package io.tollgate.node.trace;

import org.jspecify.annotations.NullMarked;
