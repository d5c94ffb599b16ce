package dev.casemate.governance;

import dev.casemate.governance.GovernanceException.Code;
import java.nio.file.Path;

/// The rehearsal model by itself, for whoever has no model yet: it says what a script says, over
/// plain HTTP on loopback, where a proxy can name it as its upstream.
public final class StandInModel implements AutoCloseable {

    private final RehearsalModel model;

    private StandInModel(RehearsalModel model) {
        this.model = model;
    }

    /// @param script JSON, an object with member `script`: an array of `{"call": TOOL, "arguments":
    ///   {...}}` and `{"say": TEXT}`, one for each answer; the last one for ever. In a text,
    ///   `{0/days}` stands for member `days` of the first tool result
    /// @param port 0 for any that is free
    /// @throws GovernanceException with code `STAGE_DESCRIPTION` or `STAGE_FAILED`
    public static StandInModel start(Path script, int port) {
        var lines = StageDescription.readScript(script);
        if (lines.isEmpty()) {
            throw new GovernanceException(
                    Code.STAGE_DESCRIPTION, script + ": expected at least one answer");
        }
        return new StandInModel(new RehearsalModel(port, Script.of(lines)));
    }

    public int port() {
        return model.port();
    }

    @Override
    public void close() {
        model.close();
    }
}
