package io.tollgate.controlplane.admin.problem;

import io.tollgate.controlplane.catalog.revision.CatalogException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every way a request can fail, as a problem. Shared; any thread. */
public class ProblemMapper {
    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    private final Problems problems;

    ProblemMapper(Problems problems) {
        this.problems = problems;
    }

    @ServerExceptionMapper
    Response problem(ProblemException problem) {
        return problems.answer(problem);
    }

    @ServerExceptionMapper
    Response refusal(CatalogException refusal) {
        return problems.answer(Problems.of(refusal));
    }

    @ServerExceptionMapper
    Response http(WebApplicationException failure, UriInfo uri) {
        int status = failure.getResponse().getStatus();
        if (status >= 500) {
            return internal(failure);
        }
        return problems.answer(ProblemException.of(ProblemType.ofStatus(status), detail(status, uri)));
    }

    private static String detail(int status, UriInfo uri) {
        return switch (status) {
            case 404 -> "there is nothing at " + uri.getPath() + " (expected: a path of /openapi)";
            case 406 -> "Accept names no type that there is (expected: application/json)";
            case 415 -> "Content-Type is absent or not understood (expected: application/json)";
            default -> ProblemType.ofStatus(status).title();
        };
    }

    @ServerExceptionMapper
    Response failure(Throwable failure) {
        if (DatabaseAway.isCauseOf(failure)) {
            LOG.warnf("event=database-away detail=%s", failure.getMessage());
            return problems.answer(
                    Problems.unavailable("the database is away or busy; nothing was changed as far as is known"));
        }
        return internal(failure);
    }

    private Response internal(Throwable failure) {
        LOG.error("event=request-failed", failure);
        return problems.answer(
                ProblemException.of(ProblemType.INTERNAL, "the control plane failed; its log tells why"));
    }
}
