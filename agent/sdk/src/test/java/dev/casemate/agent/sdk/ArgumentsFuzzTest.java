package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;

/// Whatever the model sends, the tool runs on what its shape allows, or not at all.
final class ArgumentsFuzzTest {

    private static final ArgumentsShape.Structure NOTHING = ArgumentsShape.object();

    private static final ArgumentsShape.Structure POINT =
            ArgumentsShape.object()
                    .required("x", ArgumentsShape.whole(-5, 5))
                    .required("y", ArgumentsShape.decimal().fraction(2).asBinary());

    private static final ArgumentsShape SHAPE =
            ArgumentsShape.object()
                    .required("s", ArgumentsShape.text(1, 8, "[a-z]+").filled())
                    .optional("c", ArgumentsShape.choice("A", "B"))
                    .optional("b", ArgumentsShape.flag())
                    .optional(
                            "u", ArgumentsShape.union().kind("Point", POINT).kind("None", NOTHING))
                    .optional("m", ArgumentsShape.formatted(ArgumentsFormat.DATE_TIME))
                    .optional("d", ArgumentsShape.formatted(ArgumentsFormat.DURATION))
                    .required("l", ArgumentsShape.list(POINT, 0, 3));

    @FuzzTest(maxDuration = "5s")
    void argumentsAreRunOrRefused(FuzzedDataProvider data) {
        Json arguments;
        try {
            arguments = JsonReader.read(data.consumeRemainingAsString());
        } catch (ManifestException e) {
            return;
        }
        var outcome =
                Results.of(
                        SHAPE,
                        arguments,
                        in -> {
                            assertThat(in.get("s").text()).matches("[a-z]{1,8}");
                            in.get("l")
                                    .list(point ->
                                            assertThat(point.get("x").toInt()).isBetween(-5, 5));
                            // None of these throws for what passed.
                            in.find("m").ifPresent(ArgumentsValue::toInstant);
                            in.find("d").ifPresent(ArgumentsValue::toDuration);
                            in.find("u").ifPresent(ArgumentsValue::kind);
                            return Results.DONE;
                        });
        assertThat(outcome).isNotInstanceOf(ToolOutcome.Failed.class);
        assertThat(outcome.text().length()).isLessThan(2_000);
    }
}
