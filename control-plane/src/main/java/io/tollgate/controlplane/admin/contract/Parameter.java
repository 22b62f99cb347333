package io.tollgate.controlplane.admin.contract;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One parameter of an operation. Immutable.
 *
 * @param in     path, query or header
 * @param schema its schema, references resolved
 */
public record Parameter(String name, String in, boolean required, JsonNode schema) {}
