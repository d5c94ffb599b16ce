package dev.casemate.proxy.finops;

import dev.casemate.proxy.finops.FinopsException.Code;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The prices that are known. A model without a price is refused, never free.
public final class PriceBook {

    private final Map<String, Price> prices;

    private PriceBook(Map<String, Price> prices) {
        this.prices = Map.copyOf(prices);
    }

    /// @throws FinopsException `DUPLICATE` for two prices of one model
    public static PriceBook of(List<Price> prices) {
        var byModel = new HashMap<String, Price>();
        for (var price : prices) {
            if (byModel.put(price.model(), price) != null) {
                throw new FinopsException(Code.DUPLICATE, "one price for each model");
            }
        }
        return new PriceBook(byModel);
    }

    /// The price of exactly this model; empty means that nothing may be spent on it.
    public Optional<Price> find(String model) {
        return Optional.ofNullable(prices.get(model));
    }
}
