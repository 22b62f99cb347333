package io.tollgate.bench.load;

import java.util.ArrayList;
import java.util.List;

/**
 * Which cores the proxy and the rest run on: the proxy has the first core alone, everything else the remaining ones.
 * Immutable.
 */
record Cores(boolean pinned, int count) {

    static Cores detect() {
        int count = Runtime.getRuntime().availableProcessors();
        return new Cores(count >= 2 && OnPath.find("taskset").isPresent(), count);
    }

    List<String> proxy(List<String> command) {
        return on("0", command);
    }

    List<String> rest(List<String> command) {
        return on(count == 2 ? "1" : "1-" + (count - 1), command);
    }

    private List<String> on(String cores, List<String> command) {
        if (!pinned) {
            return command;
        }
        List<String> pinnedCommand = new ArrayList<>(List.of("taskset", "-c", cores));
        pinnedCommand.addAll(command);
        return pinnedCommand;
    }

    @Override
    public String toString() {
        return pinned ? "proxy on core 0, the rest on the other " + (count - 1) : "not pinned (" + count + " cores)";
    }
}
