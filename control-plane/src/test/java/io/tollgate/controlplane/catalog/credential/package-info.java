@NullMarked
package io.tollgate.controlplane.catalog.credential;

import org.jspecify.annotations.NullMarked;
