/** Tests of the operations port. */
@NullMarked
package io.tollgate.node.ops;

import org.jspecify.annotations.NullMarked;
