package dev.casemate.governance;

/// What one attack met.
///
/// @param with which layers stood in its way
/// @param attack what was tried, in words
/// @param held whether it got nowhere
/// @param seen the proof: an error code, a refusal, a ledger record, an attempt's exception
public record Evidence(Threat threat, Layers with, String attack, boolean held, String seen) {

    /// The layers that were switched on for an attack.
    public enum Layers {
        ALL("all three layers"),
        AGENT("layer 1 alone"),
        CONTAINER("layer 2 alone"),
        PROXY("layer 3 alone");

        private final String words;

        Layers(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
