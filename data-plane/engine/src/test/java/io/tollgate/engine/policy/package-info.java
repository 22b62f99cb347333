/** Tests of what policies need compiled. */
@NullMarked
package io.tollgate.engine.policy;

import org.jspecify.annotations.NullMarked;
