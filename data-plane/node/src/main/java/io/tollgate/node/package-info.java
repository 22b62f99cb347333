/** Root of this module. */
@NullMarked
package io.tollgate.node;

import org.jspecify.annotations.NullMarked;
