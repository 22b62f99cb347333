package io.tollgate.engine.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * By what a limit counts: calls that are alike in all of these parts share a count. Immutable.
 *
 * @param parts one or more
 * @param headers lower-case names of the header fields that {@link Part#HEADER} stands for; none without it
 * @param ipv4PrefixLength of the network that stands for an IPv4 address, 1 to 32
 * @param ipv6PrefixLength of the network that stands for an IPv6 address, 1 to 128
 */
public record RateSubject(List<Part> parts, List<String> headers, int ipv4PrefixLength, int ipv6PrefixLength) {
    /** All of an IPv4 address. */
    public static final int IPV4_PREFIX_LENGTH = 32;
    /** The network that one subscriber has of IPv6 (RFC 6177). */
    public static final int IPV6_PREFIX_LENGTH = 64;

    /** The consumer, and the address of an anonymous caller. */
    public static final RateSubject DEFAULT =
            new RateSubject(List.of(Part.CONSUMER), List.of(), IPV4_PREFIX_LENGTH, IPV6_PREFIX_LENGTH);

    private static final int IPV4_BYTES = 4;

    /** What of a call counts. */
    public enum Part {
        /** The consumer; of an anonymous caller the address. */
        CONSUMER,
        /** The credential; where that has no id, as a token of no binding, the consumer, and of an anonymous caller the address. */
        CREDENTIAL,
        /** The plan under which the caller calls; all callers without one are alike. */
        PLAN,
        /** The route. */
        ROUTE,
        /** The client's address. */
        ADDRESS,
        /** The first value of each of these header fields; those that lack are alike. */
        HEADER;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As operators write it. */
        public String word() {
            return word;
        }
    }

    /** Copies the lists. */
    public RateSubject {
        parts = List.copyOf(parts);
        headers = List.copyOf(headers);
    }

    /** As {@code explain} says it: "consumer and address (/32, /64 of IPv6)". */
    public String words() {
        List<String> words = new ArrayList<>();
        for (Part part : parts) {
            words.add(
                    switch (part) {
                        case HEADER -> "header " + String.join(", ", headers);
                        case ADDRESS -> "address (/" + ipv4PrefixLength + ", /" + ipv6PrefixLength + " of IPv6)";
                        default -> part.word();
                    });
        }
        return String.join(" and ", words);
    }

    /** The subject of this call. No allocation. */
    Subject of(SubjectFacts facts, Subject into) {
        into.begin();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            into.add(part.ordinal());
            switch (part) {
                case CONSUMER -> addConsumer(facts, into);
                case CREDENTIAL -> addCredential(facts, into);
                case PLAN -> into.add(facts.planId());
                case ROUTE -> into.add(facts.routeId());
                case ADDRESS -> addAddress(facts, into);
                case HEADER -> addHeaders(facts, into);
            }
        }
        return into.end();
    }

    private void addConsumer(SubjectFacts facts, Subject into) {
        String id = facts.consumerId();
        into.add(id);
        if (id.isEmpty()) {
            addAddress(facts, into);
        }
    }

    private void addCredential(SubjectFacts facts, Subject into) {
        String id = facts.credentialId();
        into.add(id);
        if (id.isEmpty()) {
            addConsumer(facts, into);
        }
    }

    private void addAddress(SubjectFacts facts, Subject into) {
        byte[] address = facts.clientAddressBytes();
        into.fromOutside().add(address, address.length == IPV4_BYTES ? ipv4PrefixLength : ipv6PrefixLength);
    }

    private void addHeaders(SubjectFacts facts, Subject into) {
        into.fromOutside();
        for (int i = 0; i < headers.size(); i++) {
            String value = facts.requestHeader(headers.get(i));
            into.add(value == null ? "" : value);
        }
    }
}
