/**
 * How much: rate limits and the state that they count in.
 *
 * <p>A limit is configuration and is replaced; its count is state and is adopted from {@link
 * io.tollgate.engine.quota.CounterTable}. The entry class is {@link io.tollgate.engine.quota.RateLimiter}. Limits are
 * immutable; meters are shared and lock-free; decisions are confined to one event loop.
 */
@NullMarked
package io.tollgate.engine.quota;

import org.jspecify.annotations.NullMarked;
