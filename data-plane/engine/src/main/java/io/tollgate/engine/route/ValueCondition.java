package io.tollgate.engine.route;

/**
 * What one header field or query parameter must be. Immutable.
 *
 * @param name of the header in lower case, or of the parameter
 * @param test of its value
 */
public record ValueCondition(String name, ValueTest test) {
    @Override
    public String toString() {
        return name + " " + test;
    }
}
