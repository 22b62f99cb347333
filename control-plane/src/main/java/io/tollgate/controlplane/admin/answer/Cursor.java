package io.tollgate.controlplane.admin.answer;

import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.catalog.revision.FieldFault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a page ended, as text that callers pass back and do not look into. Names the listing, so that it fits no other. Immutable. */
public final class Cursor {
    private static final char SEPARATOR = ' ';

    private Cursor() {}

    public static String of(String listing, String last) {
        byte[] text = (listing + SEPARATOR + last).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    /** Where the page before ended; empty for the first page. */
    public static String parse(String listing, @Nullable String cursor) {
        if (cursor == null) {
            return "";
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int separator = text.indexOf(SEPARATOR);
            if (separator > 0 && text.substring(0, separator).equals(listing) && text.indexOf('\0') < 0) {
                return text.substring(separator + 1);
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw invalid();
        }
        throw invalid();
    }

    /** Ends the request: the cursor was not made by this listing. */
    public static ProblemException invalid() {
        return ProblemException.ofFields(
                ProblemType.BAD_REQUEST,
                List.of(new FieldFault(
                        "cursor", "not one of this listing (expected: next_cursor of the page before)")));
    }
}
