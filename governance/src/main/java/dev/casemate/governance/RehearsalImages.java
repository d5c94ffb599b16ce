package dev.casemate.governance;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.BuiltImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.container.launch.probe.Probe;
import dev.casemate.governance.GovernanceException.Code;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The sealed image of an agent, and one with the probe in the agent's place.
record RehearsalImages(BuiltImage agent, BuiltImage probe) {

    private static final String REVISION = "rehearsal";

    /// @param cache kept between rehearsals: the sealed runtime
    static RehearsalImages build(
            AgentApplication application, Path work, Path cache, Consumer<String> progress) {
        var manifest = application.manifest();
        var agent =
                new ImageRequest(
                        "localhost/" + manifest.name() + ":" + manifest.version(),
                        application.jars(),
                        application.mainClass(),
                        manifest,
                        REVISION);
        var probe =
                new ImageRequest(
                        "localhost/" + manifest.name() + "-probe:" + manifest.version(),
                        List.of(probeJar()),
                        Probe.class.getName(),
                        manifest,
                        REVISION);
        return new RehearsalImages(
                AgentImage.build(agent, work.resolve("agent.oci.tar"), cache, progress),
                AgentImage.buildProbe(probe, work.resolve("probe.oci.tar"), cache, progress));
    }

    private static Path probeJar() {
        try {
            return Path.of(Probe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected the probe in a jar", e);
        }
    }
}
