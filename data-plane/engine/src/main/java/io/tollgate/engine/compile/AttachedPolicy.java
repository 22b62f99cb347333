package io.tollgate.engine.compile;

/**
 * A policy where it is attached, for people. Immutable.
 *
 * @param type as the admin API writes it, for example "rate-limit"
 * @param name unique name
 * @param detail what it says, in words; holds no secret
 */
public record AttachedPolicy(String type, String name, String detail) {}
