package io.tollgate.controlplane.catalog.service;

import java.util.List;

/** What a caller wants a service to be; its shape has been judged against the contract. Immutable. */
public record ServiceDraft(
        String name,
        boolean enabled,
        List<ServiceTarget> targets,
        int connectTimeoutMillis,
        int responseTimeoutMillis,
        int idleTimeoutMillis,
        boolean preserveHost,
        String pathPrefix,
        List<String> tags) {}
