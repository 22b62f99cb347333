/** Root of this module. */
@NullMarked
package io.tollgate.controlplane;

import org.jspecify.annotations.NullMarked;
