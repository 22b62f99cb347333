package io.tollgate.controlplane.admin.answer;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One page of a listing, as every ...Page schema of the contract has it. Immutable. */
public record Page(
        List<?> items,
        @JsonProperty("next_cursor") @Nullable String nextCursor) {

    /**
     * The first {@code limit} of {@code rows}, and where to go on when there are more.
     *
     * @param rows one more than {@code limit} when there are more
     */
    public static <T> Page of(
            String listing, List<T> rows, int limit, Function<T, String> key, Function<List<T>, List<?>> shown) {
        boolean more = rows.size() > limit;
        List<T> page = more ? rows.subList(0, limit) : rows;
        return new Page(shown.apply(page), more ? Cursor.of(listing, key.apply(page.get(limit - 1))) : null);
    }
}
