/** Tests of what decides. */
@NullMarked
package io.tollgate.node.filter;

import org.jspecify.annotations.NullMarked;
