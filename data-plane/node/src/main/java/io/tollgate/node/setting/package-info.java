/** What the settings of several rooms have in common. Knows no other room. */
@NullMarked
package io.tollgate.node.setting;

import org.jspecify.annotations.NullMarked;
