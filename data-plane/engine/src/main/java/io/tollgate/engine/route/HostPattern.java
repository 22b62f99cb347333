package io.tollgate.engine.route;

/** Which hosts a route answers under. Immutable. */
public sealed interface HostPattern {
    /** Every host, also none. */
    HostPattern ANY = new Any();

    /** Whether this host (lower case, without port, empty when there is none) is meant. */
    boolean matches(String host);

    /** One host. */
    record Exact(String host) implements HostPattern {
        @Override
        public boolean matches(String other) {
            return host.equals(other);
        }

        @Override
        public String toString() {
            return host;
        }
    }

    /**
     * All hosts below one, of one label more or of several.
     *
     * @param suffix with its leading dot: ".example.com"
     */
    record Wildcard(String suffix) implements HostPattern {
        @Override
        public boolean matches(String other) {
            return other.length() > suffix.length() && other.endsWith(suffix);
        }

        @Override
        public String toString() {
            return "*" + suffix;
        }
    }

    /** Every host. */
    record Any() implements HostPattern {
        @Override
        public boolean matches(String other) {
            return true;
        }

        @Override
        public String toString() {
            return "*";
        }
    }
}
