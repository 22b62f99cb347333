package io.tollgate.node.exchange;

import java.util.List;

/**
 * Whose request ids a node takes over, and who is told them. Immutable.
 *
 * <p>An id is the field X-Request-Id. A stranger's id is not taken by default: it would stand in the operator's logs as the
 * stranger likes it, twice for two requests if need be.
 *
 * @param from whose own id is kept, when it is one
 * @param toUpstream whether the upstream is told it, instead of what the client says under this name
 * @param toClient whether answers of an upstream tell it, instead of what the upstream says; the gateway's own problems always do
 */
public record RequestIdRules(Believed from, boolean toUpstream, boolean toClient) {
    /** Made here, told to the upstream. */
    public static final RequestIdRules USUAL = new RequestIdRules(Believed.NOBODY, true, false);

    private static final String NOBODY = "nobody";
    private static final List<String> LISTENERS = List.of("upstream", "client");

    /**
     * Reads both from their texts.
     *
     * @param from nobody, proxies or anyone
     * @param to nobody, or upstream, client or both, separated by commas
     */
    public static RequestIdRules parse(String from, String to) {
        Believed believed;
        try {
            believed = Believed.parse(from);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("FROM " + e.getMessage(), e);
        }
        List<String> told = to.equals(NOBODY) ? List.of() : List.of(to.split("\\s*,\\s*", -1));
        if (!LISTENERS.containsAll(told)) {
            throw new IllegalArgumentException("TO " + to + " (expected: upstream, client, both by comma, or nobody)");
        }
        return new RequestIdRules(believed, told.contains("upstream"), told.contains("client"));
    }
}
