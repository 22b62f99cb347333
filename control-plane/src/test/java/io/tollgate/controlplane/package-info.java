/** Tests of the control plane against a real PostgreSQL. */
@NullMarked
package io.tollgate.controlplane;

import org.jspecify.annotations.NullMarked;
