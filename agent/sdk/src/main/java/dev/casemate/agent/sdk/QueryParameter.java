package dev.casemate.agent.sdk;

/// What may stand behind one name of a [FixedEndpoint]'s query.
///
/// @param form of its value
/// @param required whether each call has it
public record QueryParameter(PathParameter form, boolean required) {

    public static QueryParameter required(PathParameter form) {
        return new QueryParameter(form, true);
    }

    public static QueryParameter optional(PathParameter form) {
        return new QueryParameter(form, false);
    }
}
