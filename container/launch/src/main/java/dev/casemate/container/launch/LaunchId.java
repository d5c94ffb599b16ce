package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name that everything of one launch carries, so that all of it can be found and taken away.
///
/// @param slot which of the machine's places the launch takes; names its addresses
/// @param nonce eight hexadecimal digits that no other launch carries
record LaunchId(int slot, String nonce) {

    /// How many launches one machine has places for: each takes a /24 of 198.18.0.0/15, the range
    /// that RFC 2544 sets aside for devices that talk to nobody else.
    static final int SLOTS = 512;

    private static final Pattern FORM = Pattern.compile("([0-9]{3})-([0-9a-f]{8})");

    LaunchId {
        if (slot < 0 || slot >= SLOTS || !nonce.matches("[0-9a-f]{8}")) {
            throw new LaunchException(
                    Code.INVALID_REQUEST, "expected a slot below 512 and a nonce");
        }
    }

    static Optional<LaunchId> parse(String text) {
        return Optional.of(FORM.matcher(text))
                .filter(Matcher::matches)
                .filter(match -> Integer.parseInt(match.group(1)) < SLOTS)
                .map(match -> new LaunchId(Integer.parseInt(match.group(1)), match.group(2)));
    }

    String text() {
        return "%03d-%s".formatted(slot, nonce);
    }

    String container() {
        return "casemate-" + text();
    }

    /// The container that holds the network, where the engine needs one.
    String holder() {
        return container() + "-network";
    }

    String namespace() {
        return "casemate-" + text();
    }

    /// The host's end of the link; interface names have at most 15 characters.
    String hostLink() {
        return "cmh" + "%03d".formatted(slot) + nonce;
    }

    /// The agent's end of the link.
    String agentLink() {
        return "cma" + "%03d".formatted(slot) + nonce;
    }

    String table() {
        return "casemate_" + text().replace('-', '_');
    }

    /// An address of this launch's own network.
    ///
    /// @param last 1 is the host, 2 the agent, [Opening#FIRST] and up the bound names
    String address(int last) {
        return "198.%d.%d.%d".formatted(18 + slot / 256, slot % 256, last);
    }
}
