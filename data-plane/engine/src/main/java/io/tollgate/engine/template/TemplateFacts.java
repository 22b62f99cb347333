package io.tollgate.engine.template;

/**
 * What a template may ask of one request. Event-loop confined.
 *
 * <p>Values have one character per octet, as the fields of a head have; what is not there is empty. No fact gives away
 * what proves the caller: headers and query parameters that may hold a key are empty.
 */
public interface TemplateFacts {
    /** The part of the matched path that the parameter of this name took, byte for byte and so still percent-encoded. */
    String parameter(String name);

    /** What is known under this name. */
    String fact(TemplateFact fact);

    /** The value of a header field, of several all joined by ", ". */
    String header(String lowerCaseName);

    /** The decoded value of the first query parameter of this name. */
    String queryParameter(String name);
}
