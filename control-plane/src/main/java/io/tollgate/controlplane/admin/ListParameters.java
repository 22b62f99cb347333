package io.tollgate.controlplane.admin;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.UriBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Takes list parameters apart: the contract sends {@code group_by=consumer,route}, resources want a value for each. Event-loop
 * confined.
 */
public class ListParameters {
    private static final String GROUP_BY = "group_by";

    @ServerRequestFilter(preMatching = true)
    public void split(ContainerRequestContext request) {
        List<String> values = request.getUriInfo().getQueryParameters().get(GROUP_BY);
        if (values == null || values.stream().noneMatch(value -> value.contains(","))) {
            return;
        }
        List<String> each = new ArrayList<>();
        values.forEach(value -> each.addAll(List.of(value.split(",", -1))));
        UriBuilder uri = request.getUriInfo().getRequestUriBuilder();
        request.setRequestUri(uri.replaceQueryParam(GROUP_BY, each.toArray()).build());
    }
}
