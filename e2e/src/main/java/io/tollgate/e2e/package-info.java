/** Root of this module. */
@NullMarked
package io.tollgate.e2e;

import org.jspecify.annotations.NullMarked;
