@NullMarked
package io.tollgate.engine.token;

import org.jspecify.annotations.NullMarked;
