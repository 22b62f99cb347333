package io.tollgate.node.usage;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What names a segment for ever, beside its node: the start that created it and its number in that start. Immutable.
 *
 * <p>Ordered as created. The file name holds both, zero-padded, so that a directory listing is in order too.
 */
record SegmentName(long bootEpoch, long sequence) implements Comparable<SegmentName> {
    private static final Pattern FILE = Pattern.compile("(\\d{12,18})-(\\d{12,18})\\.segment");

    /** The name in a file name, or null when it is not one of ours. */
    static @Nullable SegmentName parse(String fileName) {
        Matcher file = FILE.matcher(fileName);
        return file.matches() ? new SegmentName(Long.parseLong(file.group(1)), Long.parseLong(file.group(2))) : null;
    }

    String fileName() {
        return stem() + ".segment";
    }

    /** A file that is being prepared or wiped: holds no counts. */
    String spareFileName() {
        return stem() + ".spare";
    }

    private String stem() {
        return pad(bootEpoch) + "-" + pad(sequence);
    }

    private static String pad(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, 12 - digits.length())) + digits;
    }

    @Override
    public int compareTo(SegmentName other) {
        int byEpoch = Long.compare(bootEpoch, other.bootEpoch);
        return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
    }
}
