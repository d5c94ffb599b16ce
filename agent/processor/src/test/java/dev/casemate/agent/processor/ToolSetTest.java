package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.ToolOutcome;
import org.junit.jupiter.api.Test;

final class ToolSetTest {

    @Test
    void aToolIsCalledWithItsArguments() {
        var source =
                Agents.source(
                        """
                        enum Color { RED, GREEN }
                        record Line(@NotBlank String item, @Positive int count, Optional<@Size(max = 3) String> note) {}
                        record Order(Color color, @Size(min = 1, max = 5) List<Line> lines, @Digits(integer = 3, fraction = 2) BigDecimal price) {}
                        record Receipt(String id, BigDecimal sum, double ratio, List<Color> colors, Optional<Order> order, boolean paid, BigInteger big) {}
                        @Tool(name = "order-it", description = "Orders", effect = WRITE, destinations = "here")
                        Receipt order(Order order, Optional<@Min(1) @Max(3) Integer> times, List<List<Color>> grid, double weight, @Pattern(regexp = "[A-Z]{2,6}|x") String symbol) {
                            return new Receipt(symbol, order.price(), weight, grid.get(0), Optional.of(order), times.isPresent(), BigInteger.TEN);
                        }
                        @Tool(name = "text", description = "Says", effect = READ)
                        String text(long number, Optional<List<String>> words, short s, Optional<Color> c) { return "t" + number + words + s + c; }
                        """);
        var compilation = Compilation.of(source);
        assertThat(compilation.errors()).isEmpty();
        System.out.println(compilation.text("x/TesterToolSet.java"));
        System.out.println(compilation.text("META-INF/casemate/manifest.json"));
        var tools = Agents.load(compilation);
        System.out.println(
                Agents.call(
                        tools,
                        "order-it",
                        """
                        {"order":{"color":"RED","lines":[{"item":"a","count":2,"note":null}],"price":1.20},
                         "times":2,"grid":[["GREEN"]],"weight":0.1,"symbol":"ABC"}\
                        """));
        System.out.println(
                Agents.call(
                        tools,
                        "order-it",
                        """
                        {"order":{"color":"PINK","lines":[{"item":" ","count":0,"note":"long"}],"price":1.201},
                         "times":9,"grid":[["GREEN"]],"weight":null,"symbol":"ABCd"}\
                        """));
        assertThat(Agents.call(tools, "text", "{\"number\":1,\"s\":3}"))
                .isEqualTo(new ToolOutcome.Answered("t1Optional.empty3Optional.empty"));
    }
}
