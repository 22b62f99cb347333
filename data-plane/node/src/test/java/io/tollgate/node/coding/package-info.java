/** Tests of what clients accept. */
@NullMarked
package io.tollgate.node.coding;

import org.jspecify.annotations.NullMarked;
