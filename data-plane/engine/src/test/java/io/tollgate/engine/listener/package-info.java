@NullMarked
package io.tollgate.engine.listener;

import org.jspecify.annotations.NullMarked;
