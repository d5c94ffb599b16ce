package dev.casemate.container.image;

import java.util.spi.ToolProvider;
import jdk.tools.jlink.internal.PluginRepository;

/// jlink with [SealPlugin] on board; the main class of the JVM that links.
///
/// A JVM of its own, because jlink has no public way to bring a plug-in: it is registered through a
/// package that this JVM exports and no other has to.
final class SealedLink {

    /// Begins the message that names rules without effect.
    static final String STALE = "rules that match nothing in this JDK: ";

    private SealedLink() {}

    public static void main(String[] arguments) {
        PluginRepository.registerPlugin(new SealPlugin());
        System.exit(
                ToolProvider.findFirst("jlink")
                        .orElseThrow()
                        .run(System.out, System.err, arguments));
    }
}
