package io.tollgate.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.URI;

/** Holds every answer that a test gets against the contract, whatever else the test looks at. Immutable. */
final class KeptContract implements Filter {
    @Override
    public Response filter(
            FilterableRequestSpecification request, FilterableResponseSpecification response, FilterContext context) {
        Response answer = context.next(request, response);
        String path = URI.create(request.getURI()).getPath();
        assertThat(PublishedContract.read().faults(request.getMethod(), path, answer))
                .as("answer to %s %s", request.getMethod(), path)
                .isEmpty();
        return PlainPaths.of(answer);
    }
}
