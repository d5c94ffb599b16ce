package dev.casemate.proxy.finops;

/// Whose spending a budget bounds.
public enum Subject {
    AGENT,
    TEAM,
    WORKFLOW,
    MODEL,
    EVERYTHING;

    /// The part of an attribution that this subject looks at.
    String of(Attribution who) {
        return switch (this) {
            case AGENT -> who.agent();
            case TEAM -> who.team();
            case WORKFLOW -> who.workflow();
            case MODEL -> who.model();
            case EVERYTHING -> Budget.EACH;
        };
    }
}
