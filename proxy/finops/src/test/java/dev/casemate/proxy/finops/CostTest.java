package dev.casemate.proxy.finops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.FinopsException.Code;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CostTest {

    private static final Price PRICE =
            new Price("m", Cost.ofUsd("0.15"), Cost.ofUsd("0.075"), Cost.ofUsd("0.60"));

    @Test
    void dollarsAreKeptToTheBillionth() {
        assertThat(Cost.ofUsd("0.000000001").nanoUsd()).isEqualTo(1);
        assertThat(Cost.ofUsd("5.00").nanoUsd()).isEqualTo(5_000_000_000L);
        assertThat(Cost.ofUsd("0.1").plus(Cost.ofUsd("0.2")).usd())
                .isEqualByComparingTo(new BigDecimal("0.3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "1e9",
                "1.0000000001",
                "0x10",
                ".5",
                "5.",
                "NaN",
                "1,000",
                " 1",
                "٣",
                "99999999999999999999999999999999999999999"
            })
    void whatIsNoAmountIsRefused(String usd) {
        assertThatThrownBy(() -> Cost.ofUsd(usd)).isInstanceOf(FinopsException.class);
    }

    @Test
    void sumsThatDoNotFitAreRefusedRatherThanWrapped() {
        var most = new Cost(Long.MAX_VALUE);
        assertThatThrownBy(() -> most.plus(new Cost(1)))
                .isInstanceOfSatisfying(
                        FinopsException.class, e -> assertThat(e.code()).isEqualTo(Code.OVERFLOW));
        assertThatThrownBy(() -> Cost.ofUsd("9999999999"))
                .isInstanceOfSatisfying(
                        FinopsException.class, e -> assertThat(e.code()).isEqualTo(Code.OVERFLOW));
        assertThatThrownBy(() -> Cost.ZERO.minus(new Cost(1))).isInstanceOf(FinopsException.class);
    }

    @Test
    void cachedTokensAreBilledOnceAndAtTheirOwnPrice() {
        var cost = PRICE.of(new Usage(1_000_000, 400_000, 0));
        assertThat(cost).isEqualTo(Cost.ofUsd("0.12"));
    }

    @Test
    void aFractionOfABillionthIsRoundedUpOnceForTheWholeExchange() {
        var price = new Price("m", new Cost(1), new Cost(1), new Cost(1));
        assertThat(price.of(new Usage(1, 0, 1))).isEqualTo(new Cost(1));
        assertThat(price.of(new Usage(1_000_000, 0, 1))).isEqualTo(new Cost(2));
    }

    @Test
    void theWorstCaseBoundsWhatAnExchangeCosts() {
        var worst = PRICE.worstCase(1_000, 500);
        assertThat(worst).isGreaterThanOrEqualTo(PRICE.of(new Usage(1_000, 0, 500)));
        assertThat(worst).isGreaterThanOrEqualTo(PRICE.of(new Usage(1_000, 1_000, 500)));
        var dearCache = new Price("m", new Cost(1), Cost.ofUsd("3"), new Cost(1));
        assertThat(dearCache.worstCase(1_000, 0))
                .isGreaterThanOrEqualTo(dearCache.of(new Usage(1_000, 1_000, 0)));
    }

    @Test
    void noCostOfWhatAProviderMayReportOverflows() {
        var dearest =
                new Price("m", Price.MAX_PER_MILLION, Price.MAX_PER_MILLION, Price.MAX_PER_MILLION);
        long most = Usage.MAX_TOKENS_READ;
        assertThat(dearest.of(new Usage(most, 0, most)).nanoUsd()).isPositive();
        assertThatThrownBy(() -> dearest.worstCase(Long.MAX_VALUE, Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        FinopsException.class, e -> assertThat(e.code()).isEqualTo(Code.OVERFLOW));
    }

    @Test
    void aModelWithoutPriceIsNotFree() {
        var book = PriceBook.of(List.of(PRICE));
        assertThat(book.find("m")).contains(PRICE);
        assertThat(book.find("M")).isEmpty();
        assertThat(book.find("another")).isEmpty();
        assertThatThrownBy(() -> PriceBook.of(List.of(PRICE, PRICE)))
                .isInstanceOf(FinopsException.class);
    }

    @Test
    void usageIsReadAsItIsWrittenAndNothingElse() {
        var usage = new Usage(10, 4, 7);
        assertThat(Usage.read(usage.toJson())).isEqualTo(usage);
        assertThatThrownBy(() -> Usage.read(usage.toJson().with("x", Json.of(1))))
                .isInstanceOf(FinopsException.class);
        for (var wrong : List.of(Json.of(-1), Json.of("1"), Json.of(1_000_000_001L))) {
            assertThatThrownBy(() -> Usage.read(usage.toJson().with("outputTokens", wrong)))
                    .isInstanceOf(FinopsException.class);
        }
        assertThatThrownBy(() -> new Usage(1, 2, 0)).isInstanceOf(FinopsException.class);
    }
}
