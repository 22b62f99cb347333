/**
 * Rules on traffic: one immutable record per policy type, and what is left of them for one route once the most specific
 * one of each type has won.
 *
 * <p>Which policies exist and where they are attached is judged in {@code compile}; what they do to a request is the
 * node's. The entry class is {@link io.tollgate.engine.policy.EffectivePolicies}. All immutable and shared.
 */
@NullMarked
package io.tollgate.engine.policy;

import org.jspecify.annotations.NullMarked;
