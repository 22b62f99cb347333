package io.tollgate.node;

/** The environment does not make a node; the message is one line that says what to do. Immutable. */
final class ConfigException extends Exception {
    ConfigException(String message) {
        super(message);
    }
}
