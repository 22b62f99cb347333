package io.tollgate.engine.compile;

import io.tollgate.proto.config.v1.ObjectKind;

/**
 * Why a configuration is refused, for one object. Immutable.
 *
 * @param kind what the object is
 * @param id its id
 * @param name its name; empty when it has none or it cannot be read
 * @param pointer JSON pointer (RFC 6901) into the object as the admin API shows it; empty for the whole object
 * @param detail what is wrong and what was expected
 */
public record Problem(ObjectKind kind, String id, String name, String pointer, String detail) {}
