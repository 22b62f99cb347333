package io.tollgate.controlplane.catalog.listener;

import java.util.List;
import java.util.Map;

/**
 * What a caller wants a listener to be; its shape has been judged against the contract. Immutable.
 *
 * @param settings the members that have no column of their own
 */
public record ListenerDraft(
        String name, boolean enabled, String address, int port, Map<String, Object> settings, List<String> tags) {}
