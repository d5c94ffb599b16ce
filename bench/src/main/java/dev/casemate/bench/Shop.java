package dev.casemate.bench;

import dev.casemate.agent.sdk.Agent;
import dev.casemate.agent.sdk.Tool;
import dev.casemate.manifest.Effect;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;

/// Three tools that do next to nothing, so that what is measured is what stands around them.
@Agent(
        name = "shop",
        version = "1.0.0",
        owner = "bench",
        purpose = "Is called",
        persona = "You are measured.",
        scope = "This measurement.",
        refusals = "Everything else.",
        models = "none",
        limits =
                @Agent.Limits(
                        steps = 1,
                        toolCalls = 1,
                        tokens = 1,
                        deadlineSeconds = 1,
                        identicalCalls = 1,
                        cpuMillis = 1000,
                        memoryMegabytes = 256,
                        tmpMegabytes = 16,
                        pids = 64,
                        ioMegabytesPerSecond = 10))
final class Shop {

    record Line(
            @NotBlank @Size(max = 40) String item,
            @Min(1) @Max(1_000) int quantity,
            @Positive @Digits(integer = 6, fraction = 2) BigDecimal price) {}

    record Order(
            @Pattern(regexp = "[A-Z]{2}[0-9]{6}") String account,
            @Size(min = 1, max = 20) List<Line> lines,
            @Size(max = 200) String note) {}

    record Receipt(String account, int items, BigDecimal total) {}

    @Tool(name = "find", description = "One text.", effect = Effect.READ)
    String find(@Pattern(regexp = "[A-Z]{2,6}") String symbol) {
        return symbol;
    }

    @Tool(name = "order", description = "A record with a list of records.", effect = Effect.READ)
    Receipt order(Order order) {
        var total = BigDecimal.ZERO;
        int items = 0;
        for (var line : order.lines()) {
            total = total.add(line.price().multiply(BigDecimal.valueOf(line.quantity())));
            items += line.quantity();
        }
        return new Receipt(order.account(), items, total);
    }

    @Tool(name = "rate", description = "Numbers.", effect = Effect.READ)
    double rate(
            @DecimalMin("0") double amount,
            @Positive double rate,
            @Min(1) @Max(360) int months,
            long seed) {
        return amount * rate / months + seed;
    }
}
