package io.tollgate.engine.template;

/**
 * Why a text is no template. Immutable.
 *
 * @param value the part that is wrong
 * @param expected what was expected in its place
 */
public record TemplateFault(String value, String expected) {}
