/**
 * Where to: services as the gateway calls them, their targets, the health of these, and the choice between them.
 *
 * <p>Connections and bytes are the node's. The entry class is {@link io.tollgate.engine.upstream.Upstream}.
 * Configuration is immutable; {@link io.tollgate.engine.upstream.TargetState} is shared, lock-free, and adopted across
 * revisions from {@link io.tollgate.engine.upstream.TargetTable}.
 */
@NullMarked
package io.tollgate.engine.upstream;

import org.jspecify.annotations.NullMarked;
