package io.tollgate.bench.load;

/** What the command line of the load bench says. Immutable. */
record Arguments(int seconds, int rounds, int connections) {
    private static final Arguments DEFAULTS = new Arguments(8, 3, 64);

    /** @throws IllegalArgumentException with one line for the user */
    static Arguments parse(String[] words) {
        Arguments parsed = DEFAULTS;
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(words[i] + ": a number is missing");
            }
            int value = number(words[i], words[i + 1]);
            parsed = switch (words[i]) {
                case "--seconds" -> new Arguments(value, parsed.rounds, parsed.connections);
                case "--rounds" -> new Arguments(parsed.seconds, value, parsed.connections);
                case "--connections" -> new Arguments(parsed.seconds, parsed.rounds, value);
                default ->
                    throw new IllegalArgumentException(words[i] + " (expected: --seconds, --rounds or --connections)");
            };
        }
        return parsed;
    }

    private static int number(String name, String text) {
        try {
            int value = Integer.parseInt(text);
            if (value >= 1 && value <= 1_000) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: 1 to 1000)", e);
        }
        throw new IllegalArgumentException(name + ": " + text + " (expected: 1 to 1000)");
    }
}
