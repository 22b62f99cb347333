package io.tollgate.controlplane.admin.problem;

/** The ways in which a request can end badly. Immutable. */
public enum ProblemType {
    BAD_REQUEST(400, "bad-request", "The request could not be understood"),
    UNAUTHORIZED(401, "unauthorized", "A valid token is needed"),
    FORBIDDEN(403, "forbidden", "The token has none of the roles that may do this"),
    NOT_FOUND(404, "not-found", "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This cannot be done here"),
    NOT_ACCEPTABLE(406, "not-acceptable", "There is no answer of the wanted type"),
    CONFLICT(409, "conflict", "It contradicts what is there"),
    PRECONDITION_FAILED(412, "precondition-failed", "It has changed since it was read"),
    CONTENT_TOO_LARGE(413, "content-too-large", "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "The body is of a type that is not understood"),
    INVALID_FIELD(422, "invalid-field", "Fields are invalid"),
    REFUSED_BY_NODES(422, "refused-by-nodes", "The nodes would refuse this configuration"),
    PRECONDITION_REQUIRED(428, "precondition-required", "If-Match is missing"),
    INTERNAL(500, "internal", "Something went wrong inside"),
    UNAVAILABLE(503, "unavailable", "It cannot be done at the moment");

    private final int status;
    private final String word;
    private final String title;

    ProblemType(int status, String word, String title) {
        this.status = status;
        this.word = word;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String uri() {
        return "urn:tollgate:problem:" + word;
    }

    public String title() {
        return title;
    }

    /** The type that a bare status stands for. */
    public static ProblemType ofStatus(int status) {
        for (ProblemType type : values()) {
            if (type.status == status) {
                return type;
            }
        }
        return status < 500 ? BAD_REQUEST : INTERNAL;
    }
}
