/** Tests of what policies need compiled. */
@NullMarked
package io.tollgate.engine.access;

import org.jspecify.annotations.NullMarked;
