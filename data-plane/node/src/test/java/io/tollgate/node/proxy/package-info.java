/** Tests of what forwards. */
@NullMarked
package io.tollgate.node.proxy;

import org.jspecify.annotations.NullMarked;
