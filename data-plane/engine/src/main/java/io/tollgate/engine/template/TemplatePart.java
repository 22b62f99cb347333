package io.tollgate.engine.template;

/** One part of a template. Immutable. */
sealed interface TemplatePart {
    /** What the template itself says, escaped already. */
    record Literal(String text) implements TemplatePart {}

    /** A parameter of the matched path. */
    record Parameter(String name) implements TemplatePart {}

    /** What is known of every request. */
    record Known(TemplateFact fact) implements TemplatePart {}

    /** A header field of the request; the name in lower case. */
    record Header(String name) implements TemplatePart {}

    /** A query parameter of the request. */
    record QueryParameter(String name) implements TemplatePart {}
}
