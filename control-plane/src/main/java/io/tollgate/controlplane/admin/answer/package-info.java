/**
 * How reads and writes are answered: versions, pages, preferences, answers that are kept for a repeated request. Enter at
 * {@link io.tollgate.controlplane.admin.answer.Reads} and {@link io.tollgate.controlplane.admin.answer.Writes}. Worker threads.
 */
@NullMarked
package io.tollgate.controlplane.admin.answer;

import org.jspecify.annotations.NullMarked;
