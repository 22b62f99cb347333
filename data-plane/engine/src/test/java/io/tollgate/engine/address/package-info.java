@NullMarked
package io.tollgate.engine.address;

import org.jspecify.annotations.NullMarked;
