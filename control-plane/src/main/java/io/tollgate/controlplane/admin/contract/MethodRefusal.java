package io.tollgate.controlplane.admin.contract;

import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.admin.problem.Problems;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Tells which methods there are where the wanted one is not: {@code Allow} is a duty of a 405 (RFC 9110, section 15.5.6). Shared. */
public class MethodRefusal {
    private final Contract contract;
    private final Problems problems;

    MethodRefusal(Contract contract, Problems problems) {
        this.contract = contract;
        this.problems = problems;
    }

    @ServerExceptionMapper
    Response refuse(NotAllowedException refusal, UriInfo uri) {
        String allowed = String.join(", ", contract.methodsAt(uri.getPath()));
        return problems.answer(ProblemException.of(
                        ProblemType.METHOD_NOT_ALLOWED,
                        "this method is not there at " + uri.getPath() + " (expected: " + allowed + ")")
                .header(HttpHeaders.ALLOW, allowed));
    }
}
