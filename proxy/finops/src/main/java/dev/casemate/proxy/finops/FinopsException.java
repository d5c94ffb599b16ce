package dev.casemate.proxy.finops;

import java.util.Objects;

/// An amount, price or budget that cannot be, and why.
public final class FinopsException extends RuntimeException {

    /// Why it was refused.
    public enum Code {
        /// A value outside its range.
        INVALID_VALUE,
        /// A sum or product that does not fit into nano-dollars or tokens.
        OVERFLOW,
        /// A name that is declared twice.
        DUPLICATE,
        /// An exchange id that is already in use for another reservation.
        EXCHANGE_REUSED,
        /// More budgets or prices than can be kept.
        TOO_MANY
    }

    private final Code code;

    /// @param message what was expected
    public FinopsException(Code code, String message) {
        super(code + ": " + message);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
