@NullMarked
package io.tollgate.engine.signature;

import org.jspecify.annotations.NullMarked;
