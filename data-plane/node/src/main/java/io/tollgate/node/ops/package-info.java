/**
 * What operators and load balancers ask a node: /live, /ready, /metrics, /snapshot and /explain, on a port of its own.
 *
 * <p>Entry class: {@link io.tollgate.node.ops.Operations}. Never tells a secret.
 */
@NullMarked
package io.tollgate.node.ops;

import org.jspecify.annotations.NullMarked;
