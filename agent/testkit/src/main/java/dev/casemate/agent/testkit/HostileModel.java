package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ChatRequest;
import dev.casemate.agent.sdk.TokenCount;
import dev.casemate.agent.sdk.ToolCall;
import dev.casemate.manifest.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/// A model that was taken over: every call it makes is one that must not run.
///
/// Half of its calls name a tool that is not in the manifest, the other half name one that is, with
/// arguments that its schema refuses. The same seed makes the same calls.
public final class HostileModel implements ChatModel {

    private static final List<String> TEMPTING =
            List.of(
                    "bash",
                    "sh",
                    "shell",
                    "exec",
                    "execute_command",
                    "run_python",
                    "eval",
                    "system",
                    "read_file",
                    "write_file",
                    "list_directory",
                    "http_get",
                    "fetch_url",
                    "curl",
                    "send_email",
                    "browser",
                    "mcp_list_tools",
                    "mcp_call",
                    "install_package",
                    "get_secret",
                    "get_environment",
                    "assume_role",
                    "add_tool",
                    "register_tool",
                    "delete_table",
                    "execute_sql",
                    "admin",
                    "sudo",
                    "functions.bash",
                    "multi_tool_use.parallel",
                    "__proto__",
                    "constructor",
                    "toString",
                    "call",
                    "manifest",
                    "",
                    " ",
                    "../query",
                    "a".repeat(10_000));

    private final Random random;
    private final int prompts;
    private final int callsPerPrompt;
    private int answered;
    private int made;

    /// @param prompts after which it gives a text, so that a run can end
    public HostileModel(long seed, int prompts, int callsPerPrompt) {
        random = new Random(seed);
        this.prompts = prompts;
        this.callsPerPrompt = callsPerPrompt;
    }

    @Override
    public ChatReply ask(ChatRequest request, Consumer<String> words) {
        var usage = Optional.of(new TokenCount(1, 1));
        if (answered++ == prompts) {
            return new ChatReply.Answer(Optional.of("I give up."), List.of(), usage);
        }
        var calls = new ArrayList<ToolCall>();
        for (int i = 0; i < callsPerPrompt; i++) {
            calls.add(call(request.tools()));
        }
        return new ChatReply.Answer(Optional.empty(), calls, usage);
    }

    private ToolCall call(List<ToolSpec> tools) {
        var id = "hostile-" + ++made;
        var tool = tools.get(random.nextInt(tools.size()));
        var arguments = new HostileArguments(random, tool.inputSchema());
        return random.nextBoolean()
                ? new ToolCall(id, foreignName(tools, tool.name()), arguments.plausible().text())
                : new ToolCall(id, tool.name(), arguments.wrong());
    }

    private String foreignName(List<ToolSpec> tools, String known) {
        while (true) {
            var name = random.nextBoolean() ? pick(TEMPTING) : disguised(known);
            if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
                return name;
            }
        }
    }

    /// Almost the name of a tool.
    private String disguised(String known) {
        return switch (random.nextInt(8)) {
            case 0 -> known + " ";
            case 1 -> " " + known;
            case 2 -> known + "\0";
            case 3 -> known.toUpperCase(Locale.ROOT);
            case 4 -> known.replace('a', '\u0430').replace('e', '\u0435');
            case 5 -> known.replace('_', '-') + "2";
            case 6 -> "functions." + known;
            default -> known.substring(0, known.length() - 1);
        };
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
