@NullMarked
package io.tollgate.controlplane.admin.answer;

import org.jspecify.annotations.NullMarked;
