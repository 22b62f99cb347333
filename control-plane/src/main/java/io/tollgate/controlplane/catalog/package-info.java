/**
 * The desired state of the gateway, a room per noun: what operators want, under which rules it may change. Every change goes
 * through {@code revision}. Knows neither REST nor gRPC: the edge is in {@code admin}, what nodes get in {@code snapshot}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog;

import org.jspecify.annotations.NullMarked;
