/**
 * How much: rate limits and the state that they count in.
 *
 * <p>A limit is configuration and is replaced; its count is state and stays in the {@link
 * io.tollgate.engine.quota.CounterTable}. The entry class is {@link io.tollgate.engine.quota.RateLimiter}. Limits are
 * immutable; the table is shared and lock-free; decisions and subjects are confined to one event loop.
 */
@NullMarked
package io.tollgate.engine.quota;

import org.jspecify.annotations.NullMarked;
