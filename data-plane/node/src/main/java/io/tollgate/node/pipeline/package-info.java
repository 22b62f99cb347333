/**
 * What happens to a call, in which order, per route; and the snapshot that all event loops read.
 *
 * <p>Built off the event loops from the engine's compiled configuration, published by one volatile write
 * ({@link io.tollgate.node.pipeline.ActiveSnapshot}), and never changed afterwards. No Future here.
 */
@NullMarked
package io.tollgate.node.pipeline;

import org.jspecify.annotations.NullMarked;
