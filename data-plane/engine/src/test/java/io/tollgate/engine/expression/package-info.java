/** Tests of expressions. */
@NullMarked
package io.tollgate.engine.expression;

import org.jspecify.annotations.NullMarked;
