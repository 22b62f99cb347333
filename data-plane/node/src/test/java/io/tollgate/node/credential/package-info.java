@NullMarked
package io.tollgate.node.credential;

import org.jspecify.annotations.NullMarked;
