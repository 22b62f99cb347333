/** What services, routes and policies say, from the admin API through the database to the message that nodes get, and back. */
@NullMarked
package io.tollgate.controlplane.settings;

import org.jspecify.annotations.NullMarked;
