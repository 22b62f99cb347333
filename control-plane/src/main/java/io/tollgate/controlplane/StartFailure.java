package io.tollgate.controlplane;

/** Turns what Quarkus threw while it started into one line. Immutable. */
final class StartFailure {
    /** Causes deeper than this are of no use to an operator. */
    private static final int CAUSES_MAX = 20;

    private StartFailure() {}

    static StartRefused explain(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < CAUSES_MAX && root.getCause() != null; depth++) {
            if (root instanceof StartRefused refused) {
                return refused;
            }
            root = root.getCause();
        }
        if (root instanceof StartRefused refused) {
            return refused;
        }
        String message = root.getMessage() == null
                ? ""
                : root.getMessage().lines().findFirst().orElse("");
        return new StartRefused("cannot start: " + root.getClass().getSimpleName() + ": " + message);
    }
}
