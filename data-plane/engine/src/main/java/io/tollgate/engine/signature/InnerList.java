package io.tollgate.engine.signature;

import java.util.List;
import java.util.Map;

/**
 * An inner list of texts (RFC 9651, 3.1.1). Immutable.
 *
 * @param parameters of all of them, in their order
 */
record InnerList(List<Item> items, Map<String, BareItem> parameters) {
    /** A text with parameters in their order. Immutable. */
    record Item(String value, Map<String, BareItem> parameters) {
        String text() {
            return new BareItem.Text(value).text() + InnerList.text(parameters);
        }
    }

    /** As RFC 9651, 4.1.1.1 writes it, which is in one way only. */
    String text() {
        StringBuilder all = new StringBuilder("(");
        for (Item item : items) {
            all.append(all.length() == 1 ? "" : " ").append(item.text());
        }
        return all.append(')').append(text(parameters)).toString();
    }

    private static String text(Map<String, BareItem> parameters) {
        StringBuilder all = new StringBuilder();
        parameters.forEach((key, value) -> {
            all.append(';').append(key);
            if (!(value instanceof BareItem.Truth truth && truth.value())) {
                all.append('=').append(value.text());
            }
        });
        return all.toString();
    }
}
