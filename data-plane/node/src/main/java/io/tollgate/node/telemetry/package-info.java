/**
 * What the node tells about itself: counters per event loop, and the text of /metrics.
 *
 * <p>The hot path only adds to counters of its own loop; everything is summed when somebody asks.
 */
@NullMarked
package io.tollgate.node.telemetry;

import org.jspecify.annotations.NullMarked;
