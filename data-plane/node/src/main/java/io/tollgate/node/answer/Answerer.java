package io.tollgate.node.answer;

import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;

/** The one asynchronous step of a call. Immutable. */
public sealed interface Answerer permits Forward, Split, Redirect, FixedAnswer, Faulty, AskFirst, Introduced {
    /** Answers, at once or later; {@code ending} is told once when it is over. */
    void answer(Exchange exchange, Ending ending);
}
