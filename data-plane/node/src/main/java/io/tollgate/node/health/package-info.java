/**
 * Asks targets for their health, whether or not calls flow, and tells what is known of them.
 *
 * <p>The entry class is {@link io.tollgate.node.health.HealthChecks}. What the answers mean is the engine's
 * ({@link io.tollgate.engine.upstream.TargetState}); which targets are called is the balancer's. One event loop does the asking.
 */
@NullMarked
package io.tollgate.node.health;

import org.jspecify.annotations.NullMarked;
