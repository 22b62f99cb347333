/**
 * What says yes or no to a request, and what changes its head: synchronous arithmetic on memory.
 *
 * <p>A {@link io.tollgate.node.filter.Filter} is a record per verb, an {@link io.tollgate.node.filter.Edit} a record per
 * change. No Future, no lock, no I/O here; the order is the pipeline's. All immutable and shared by the event loops.
 */
@NullMarked
package io.tollgate.node.filter;

import org.jspecify.annotations.NullMarked;
