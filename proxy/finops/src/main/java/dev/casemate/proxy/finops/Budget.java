package dev.casemate.proxy.finops;

import dev.casemate.proxy.finops.FinopsException.Code;
import java.util.Objects;

/// A limit on what may be spent in a period.
///
/// @param name unique; refusals and alerts carry it
/// @param value the one agent, team, workflow or model that it is for; [#EACH] gives every one of
///   them an account of its own with this limit; for [Subject#EVERYTHING] empty or [#EACH]
/// @param alertPercent of the limit, 1 to 100: an alert is raised when spending reaches it
public record Budget(
        String name, Subject subject, String value, Period period, Cost limit, int alertPercent) {

    /// Stands for every value of the subject, each with an account of its own.
    public static final String EACH = "*";

    public Budget {
        Objects.requireNonNull(period);
        Objects.requireNonNull(limit);
        if (name.isBlank()) {
            throw new FinopsException(Code.INVALID_VALUE, "a budget has a name");
        }
        if (subject == Subject.EVERYTHING) {
            if (!value.isBlank() && !value.equals(EACH)) {
                throw new FinopsException(
                        Code.INVALID_VALUE, "a budget for everything names no value");
            }
            value = EACH;
        } else if (value.isBlank()) {
            throw new FinopsException(
                    Code.INVALID_VALUE, "a budget names its agent, team, workflow or model");
        }
        if (alertPercent < 1 || alertPercent > 100) {
            throw new FinopsException(Code.INVALID_VALUE, "an alert is at 1 to 100 percent");
        }
    }

    boolean covers(Attribution who) {
        return value.equals(EACH) || value.equals(subject.of(who));
    }
}
