package dev.casemate.agent.maven;

import dev.casemate.agent.analyzer.AnalyzerException;
import dev.casemate.agent.analyzer.Origin;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.agent.analyzer.Sarif;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.ManifestException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;

/// Fails the build of an agent whose bytecode can reach a capability that its manifest does not
/// declare, and says by which path. The whole report is left in `capabilities.json`, and for code
/// scanning in `capabilities.sarif`.
///
/// Runs when the agent's jar and its libraries are in one directory, so its execution comes last of
/// those in phase `package`; where a jar of the build is not there, the build fails as well.
/// Nothing switches this off, and no property moves it elsewhere.
@Mojo(
        name = "analyze",
        defaultPhase = LifecyclePhase.PACKAGE,
        requiresDependencyResolution = ResolutionScope.RUNTIME,
        threadSafe = true)
public final class AnalyzeMojo extends AbstractMojo {

    static final String REPORT = "capabilities.json";
    static final String SARIF = "capabilities.sarif";

    /// What ships: the agent's jar and its libraries, and nothing else.
    @Parameter(defaultValue = "${project.build.directory}/app", required = true)
    File applicationDirectory;

    /// Where the report goes.
    @Parameter(defaultValue = "${project.build.directory}", readonly = true, required = true)
    File buildDirectory;

    /// The agent's own jar.
    @Parameter(defaultValue = "${project.artifact}", readonly = true, required = true)
    Artifact agent;

    /// What it runs with.
    @Parameter(defaultValue = "${project.artifacts}", readonly = true, required = true)
    Set<Artifact> libraries;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        var verdict = verdict();
        if (!verdict.undeclared().isEmpty()) {
            throw new MojoFailureException(
                    verdict.refusal(buildDirectory.getName() + "/" + REPORT));
        }
        getLog().info(verdict.summary());
        verdict.excess().ifPresent(getLog()::warn);
    }

    private Verdict verdict() throws MojoExecutionException {
        try {
            var file = buildDirectory.toPath().resolve(REPORT);
            var sarif = buildDirectory.toPath().resolve(SARIF);
            // An analysis that fails leaves no answer, an older build's least of all.
            Files.deleteIfExists(file);
            Files.deleteIfExists(sarif);
            var verdict = Verdict.on(applicationDirectory.toPath());
            requireWhole(verdict.report());
            Files.writeString(file, verdict.report().toJson().text() + "\n");
            Files.writeString(
                    sarif,
                    Sarif.of(verdict.report(), Optional.of(verdict.manifest())).text() + "\n");
            return verdict;
        } catch (AnalyzerException | ManifestException e) {
            throw new MojoExecutionException(
                    "what the agent can reach is not known: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new MojoExecutionException("what the agent can reach is not known", e);
        }
    }

    /// A library that is not there yet would be missing from the answer, and so would what it does.
    private void requireWhole(Report report) throws IOException, MojoExecutionException {
        var analysed = report.origins().stream().map(Origin::digest).collect(Collectors.toSet());
        var needed = new ArrayList<Artifact>();
        needed.add(agent);
        libraries.stream()
                .filter(library -> library.getArtifactHandler().isAddedToClasspath())
                .forEach(needed::add);
        for (var artifact : needed) {
            var file = artifact.getFile();
            if (file == null
                    || !file.isFile()
                    || !analysed.contains(Digest.of(Files.readAllBytes(file.toPath())))) {
                throw new MojoExecutionException(
                        "what the agent can reach is not known: expected the jar of "
                                + artifact.getId()
                                + ", as this build has it, in "
                                + applicationDirectory
                                + "; let this goal run after those that put it there");
            }
        }
    }
}
