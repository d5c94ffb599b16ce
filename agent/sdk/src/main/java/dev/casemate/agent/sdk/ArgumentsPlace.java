package dev.casemate.agent.sdk;

import org.jspecify.annotations.Nullable;

/// Where a value stands among the arguments. Written as a JSON Pointer only where something is
/// wrong with it, which is rare.
///
/// @param around null for all arguments together
/// @param step a name that the agent declares, or the number of an item
record ArgumentsPlace(@Nullable ArgumentsPlace around, String step) {

    static final ArgumentsPlace ALL = new ArgumentsPlace(null, "");

    ArgumentsPlace member(String name) {
        return new ArgumentsPlace(this, name);
    }

    ArgumentsPlace item(int index) {
        return member(Integer.toString(index));
    }

    /// How a message names it.
    @Override
    public String toString() {
        return around == null ? "the arguments" : pointer();
    }

    private String pointer() {
        return around == null ? "" : around.pointer() + "/" + step;
    }
}
