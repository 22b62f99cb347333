package io.tollgate.controlplane.catalog.revision;

/**
 * What the compiler objects to in one object. Immutable.
 *
 * @param kind    word of the kind of object
 * @param pointer JSON pointer into the object as the admin API shows it; empty for the whole object
 */
public record ObjectFault(String kind, String id, String name, String pointer, String detail) {}
