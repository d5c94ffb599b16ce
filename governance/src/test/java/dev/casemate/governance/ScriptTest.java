package dev.casemate.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.governance.StageDescription.Line;
import dev.casemate.manifest.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {

    private final Line.Call call = new Line.Call("query_database", Json.object().build());

    @Test
    void each_answer_given_so_far_moves_the_script_on_and_the_last_line_stays() {
        var script = Script.of(List.of(call, new Line.Say("done")));

        assertThat(script.next(List.of(message("user", "go")))).isEqualTo(call);
        var once = List.of(message("user", "go"), message("assistant", ""), message("tool", "{}"));
        assertThat(script.next(once)).isEqualTo(new Line.Say("done"));
        var twice =
                List.of(
                        message("assistant", ""),
                        message("assistant", ""),
                        message("assistant", ""));
        assertThat(script.next(twice)).isEqualTo(new Line.Say("done"));
    }

    @Test
    void what_it_says_is_filled_from_the_tool_results_and_never_made_up() {
        var script =
                Script.of(
                        List.of(new Line.Say("average {0/rows/0/average}, now {1/price}, {2/x}")));
        var conversation =
                List.of(
                        message("tool", "<data-1f>{\"rows\":[{\"average\":9123.5}]}</data-1f>"),
                        message("tool", "{\"price\":\"9200\"}"));

        assertThat(script.next(conversation))
                .isEqualTo(new Line.Say("average 9123.5, now 9200, (not available)"));
    }

    private static Json.Obj message(String role, String content) {
        return Json.object().put("role", role).put("content", content).build();
    }
}
