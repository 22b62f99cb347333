package io.tollgate.controlplane.catalog.service;

import java.util.List;
import java.util.Map;

/**
 * What a caller wants a service to be; its shape has been judged against the contract. Immutable.
 *
 * @param settings the members that have no column of their own, with trust root and certificate by name or id
 */
public record ServiceDraft(
        String name,
        boolean enabled,
        List<ServiceTarget> targets,
        int connectTimeoutMillis,
        int responseTimeoutMillis,
        int idleTimeoutMillis,
        boolean preserveHost,
        String pathPrefix,
        Map<String, Object> settings,
        List<String> tags) {}
