@NullMarked
package io.tollgate.node.trace;

import org.jspecify.annotations.NullMarked;
