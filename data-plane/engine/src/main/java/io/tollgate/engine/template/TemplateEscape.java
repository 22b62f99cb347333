package io.tollgate.engine.template;

/**
 * How values are written where a template goes, so that none can say more than a value. Immutable.
 *
 * <p>A value is either text, one character per octet, or a part of the matched path, which is percent-encoded already.
 */
public enum TemplateEscape {
    /** Header fields, host names and plain bodies: as it is. What may not stand there is judged when the whole is known. */
    NONE {
        @Override
        void append(String value, boolean encoded, StringBuilder out) {
            out.append(value);
        }
    },
    /** Parts of the path keep their bytes; of texts all but unreserved characters (RFC 3986, 2.3) are percent-encoded. */
    PATH {
        @Override
        void append(String value, boolean encoded, StringBuilder out) {
            if (encoded) {
                out.append(value);
            } else {
                percent(value, false, out);
            }
        }
    },
    /** All but unreserved characters are percent-encoded; what a part of the path had encoded stays encoded once. */
    QUERY {
        @Override
        void append(String value, boolean encoded, StringBuilder out) {
            percent(value, encoded, out);
        }

        @Override
        void appendLiteral(String literal, StringBuilder out) {
            percent(literal, false, out);
        }
    },
    /** Inside the quotes of a JSON string (RFC 8259, 7). */
    JSON {
        @Override
        void append(String value, boolean encoded, StringBuilder out) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == '"' || c == '\\') {
                    out.append('\\').append(c);
                } else if (c < ' ' || c == '<') {
                    // A "<" as well, so that no script element of a page around it ends here.
                    out.append("\\u00").append(digit(c >> 4)).append(digit(c & 15));
                } else {
                    out.append(c);
                }
            }
        }
    },
    /** Text or quoted attribute of HTML and XML. */
    MARKUP {
        @Override
        void append(String value, boolean encoded, StringBuilder out) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                switch (c) {
                    case '&', '<', '>', '"', '\'' ->
                        out.append("&#").append((int) c).append(';');
                    default -> out.append(c);
                }
            }
        }
    };

    /** Appends a value. */
    abstract void append(String value, boolean encoded, StringBuilder out);

    /** Appends what the template itself says. */
    void appendLiteral(String literal, StringBuilder out) {
        out.append(literal);
    }

    private static void percent(String value, boolean encoded, StringBuilder out) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isUnreserved(c) || (encoded && c == '%')) {
                out.append(c);
            } else {
                out.append('%').append(digit(c >> 4 & 15)).append(digit(c & 15));
            }
        }
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static char digit(int value) {
        return (char) (value < 10 ? '0' + value : 'A' + value - 10);
    }
}
