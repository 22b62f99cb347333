package io.tollgate.controlplane.catalog.envelope;

/** The envelope key cannot be changed now; nothing was. The message is one line for the operator. Immutable. */
public final class RotationRefused extends Exception {
    private static final long serialVersionUID = 1L;

    RotationRefused(String message) {
        super(message);
    }
}
