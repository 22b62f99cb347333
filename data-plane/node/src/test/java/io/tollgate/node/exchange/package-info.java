/** Tests of the facts of a request. */
@NullMarked
package io.tollgate.node.exchange;

import org.jspecify.annotations.NullMarked;
