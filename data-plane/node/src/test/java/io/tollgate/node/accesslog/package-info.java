@NullMarked
package io.tollgate.node.accesslog;

import org.jspecify.annotations.NullMarked;
