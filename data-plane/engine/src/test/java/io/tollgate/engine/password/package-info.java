@NullMarked
package io.tollgate.engine.password;

import org.jspecify.annotations.NullMarked;
