/**
 * Start of the control plane process: {@link io.tollgate.controlplane.Main} reads the environment, sees that there is a
 * database it can work with, and starts Quarkus. What the running process does lives in the packages below: {@code admin}
 * (the REST edge), {@code catalog} (the desired state), {@code snapshot} (the same as the nodes' messages), {@code stream}
 * (to the nodes), {@code usage} (from the nodes), {@code billing} (for invoices), {@code embedded} (the database of the
 * one-command start). Everything here runs on the main thread, before Quarkus and after it.
 */
@NullMarked
package io.tollgate.controlplane;

import org.jspecify.annotations.NullMarked;
