/** Root of this module. */
@NullMarked
package io.tollgate.engine;

import org.jspecify.annotations.NullMarked;
