package dev.casemate.proxy.gateway;

import dev.casemate.proxy.finops.Usage;
import java.util.Optional;

/// One piece of a streamed answer, whatever wire format it came in.
sealed interface AnswerPart {

    /// Comes first. Id and model are words; `created` is in seconds of the Unix epoch, 0 if unsaid.
    record Begun(String id, long created, String model) implements AnswerPart {}

    record Text(String text) implements AnswerPart {}

    /// A text by which the model declines.
    record Refusal(String text) implements AnswerPart {}

    /// A piece of a tool call; what a piece does not have is empty.
    ///
    /// @param index of the call in this answer, below [AnswerReader#MAX_TOOL_CALLS]; -1 for one
    ///   that no manifest allows
    record CallPiece(int index, String id, String name, String arguments) implements AnswerPart {}

    /// @param reason in the words of [ModelAnswer#finishReason]
    /// @param stop the text at which the answer ended; empty where none is told
    record Finished(String reason, Optional<String> stop) implements AnswerPart {}

    /// So far, the whole answer together.
    record Used(Usage usage) implements AnswerPart {}
}
