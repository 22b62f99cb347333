/**
 * Every error's way into an RFC 9457 body. Enter at {@link io.tollgate.controlplane.admin.problem.ProblemMapper}. Any thread.
 */
@NullMarked
package io.tollgate.controlplane.admin.problem;

import org.jspecify.annotations.NullMarked;
