package dev.casemate.cli;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Makes an image of the same sources again and says whether it is the same, bit for bit.
///
/// @param project compiled anew, if there is one
/// @param agent where the jars are, if there is none
/// @param image the archive that is held against it; its label names the revision
record Rebuild(Optional<AgentProject> project, Path agent, Path image) {

    int compare() throws IOException, InterruptedException, Gates.Closed {
        var given = ImageSummary.read(image);
        if (project.isPresent()) {
            System.err.println("compiling and packaging; the tests are not run");
            try {
                project.get().build(false, System.err::println);
            } catch (AgentProject.BuildFailed e) {
                throw new Gates.Closed("package", String.valueOf(e.getMessage()));
            }
        }
        var sources = Revision.of(agent).map(Revision::commit);
        if (sources.isPresent() && !sources.get().equals(given.revision())) {
            System.err.println(
                    "these sources are at %s, the image names %s"
                            .formatted(sources.get(), given.revision()));
        }
        var application =
                AgentApplication.read(project.map(AgentProject::application).orElse(agent));
        var work = Files.createTempDirectory("casemate-rebuild-");
        var fresh = work.resolve("image.tar");
        try {
            AgentImage.build(
                    BuildCommand.request(application, given.revision()),
                    fresh,
                    Home.imageCache(),
                    System.err::println);
            return report(given, ImageSummary.read(fresh));
        } finally {
            Files.deleteIfExists(fresh);
            Files.delete(work);
        }
    }

    private static int report(ImageSummary given, ImageSummary rebuilt) {
        System.out.println("image   " + given.digest());
        System.out.println("rebuilt " + rebuilt.digest());
        if (given.digest().equals(rebuilt.digest())) {
            System.out.println("the same, bit for bit");
            return 0;
        }
        given.differences(rebuilt).forEach(System.out::println);
        return Main.FINDING;
    }
}
