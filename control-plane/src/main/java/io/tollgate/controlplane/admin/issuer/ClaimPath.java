package io.tollgate.controlplane.admin.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The way to one claim of a foreign token. No other claim is looked at: what an issuer says elsewhere under a usual name was not said to
 * us. Immutable.
 *
 * @param members from the outside in
 */
public record ClaimPath(List<String> members) {
    /** A slash that stands in no pair of quotes. */
    private static final Pattern SEPARATOR = Pattern.compile("/(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    private static final Pattern SPACES = Pattern.compile(" +");

    public ClaimPath {
        members = List.copyOf(members);
    }

    /** A path of names separated by {@code /}; a name that holds slashes itself stands in double quotes. */
    public static ClaimPath parse(String path) {
        return new ClaimPath(SEPARATOR
                .splitAsStream(path)
                .map(name -> name.replace("\"", ""))
                .toList());
    }

    private JsonNode claim(JsonNode claims) {
        JsonNode claim = claims;
        for (String member : members) {
            claim = claim.path(member);
        }
        return claim;
    }

    /** The texts that the claim lists: a list of texts, or one text with spaces between them. */
    public Set<String> texts(JsonNode claims) {
        JsonNode claim = claim(claims);
        Set<String> texts = new HashSet<>();
        if (claim.isTextual()) {
            texts.addAll(List.of(SPACES.split(claim.textValue().strip())));
        }
        if (claim.isArray()) {
            for (JsonNode one : claim) {
                if (one.isTextual()) {
                    texts.add(one.textValue());
                }
            }
        }
        return texts;
    }

    /** Whether the claim lists {@code value}, or is this one text, spaces and all. */
    public boolean says(JsonNode claims, String value) {
        return claim(claims).asText("").equals(value) || texts(claims).contains(value);
    }

    /** The one text that the claim is; empty when it is none. */
    public String text(JsonNode claims) {
        return claim(claims).asText("");
    }
}
