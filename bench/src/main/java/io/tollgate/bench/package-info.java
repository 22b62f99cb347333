/** Root of this module. */
@NullMarked
package io.tollgate.bench;

import org.jspecify.annotations.NullMarked;
