@NullMarked
package io.tollgate.node.telemetry;

import org.jspecify.annotations.NullMarked;
