package io.tollgate.controlplane.catalog.revision;

/**
 * One invalid field. Immutable.
 *
 * @param pointer JSON pointer (RFC 6901) into the object
 * @param detail  {@code value (expected: ...)}
 */
public record FieldFault(String pointer, String detail) {}
