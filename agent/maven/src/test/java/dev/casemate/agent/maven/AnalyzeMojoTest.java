package dev.casemate.agent.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnalyzeMojoTest {

    /// What Maven would print.
    private static final class Lines extends SystemStreamLog {

        private final List<String> info = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();

        @Override
        public void info(CharSequence line) {
            info.add(line.toString());
        }

        @Override
        public void warn(CharSequence line) {
            warnings.add(line.toString());
        }
    }

    @TempDir Path build;

    private final Lines lines = new Lines();

    private Application application(Capability... declared) throws IOException {
        return Application.in(build.resolve("app"), declared);
    }

    private AnalyzeMojo mojo(Application application) {
        return mojo(
                application,
                ArtifactOnDisk.jar(application.jar(Application.LIBRARY)),
                ArtifactOnDisk.jar(application.jar(Application.TRANSITIVE)));
    }

    private AnalyzeMojo mojo(Application application, Artifact... libraries) {
        var mojo = new AnalyzeMojo();
        mojo.setLog(lines);
        mojo.applicationDirectory = application.directory().toFile();
        mojo.buildDirectory = build.toFile();
        mojo.agent = ArtifactOnDisk.jar(application.jar(Application.AGENT));
        mojo.libraries = new HashSet<>(Arrays.asList(libraries));
        return mojo;
    }

    private Path report() {
        return build.resolve(AnalyzeMojo.REPORT);
    }

    @Test
    void whatIsReachedAndNotDeclaredFailsTheBuildWithItsPath() throws IOException {
        var mojo = mojo(application(Capability.THREADS));
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContaining(
                        "agent watch can reach what its manifest does not declare: exec\n")
                .hasMessageContaining("exec, in later.jar: ")
                .hasMessageContaining("Application$Rounding.round(String)  [rounding.jar]")
                .hasMessageContaining("Application$Later.lambda$prepare$0()  [later.jar]")
                .hasMessageContaining("java.lang.ProcessBuilder.<init>(String[])  [java.base]")
                .hasMessageContaining("add Capability.EXEC\n")
                .hasMessageContaining(build.getFileName() + "/capabilities.json")
                .hasMessageContaining("mvn dependency:tree");
    }

    @Test
    void aBuildThatFailsLeavesTheReportOfItAsWell() throws IOException {
        assertThatThrownBy(mojo(application())::execute).isInstanceOf(MojoFailureException.class);
        var json = (Json.Obj) JsonReader.read(Files.readString(report()));
        assertThat(((Json.Obj) json.get("capabilities").orElseThrow()).get("exec")).isPresent();
        assertThat(build.resolve(AnalyzeMojo.SARIF)).content().contains("\"level\":\"error\"");
    }

    @Test
    void whatIsDeclaredPassesAndTheReportIsTheSameEachTime() throws Exception {
        var mojo = mojo(application(Capability.EXEC));
        mojo.execute();
        var first = Files.readString(report());
        mojo.execute();
        assertThat(report()).hasContent(first);
        assertThat(lines.info).first().asString().contains("agent watch can reach", ": exec;");
        assertThat(lines.warnings).isEmpty();
    }

    @Test
    void whatIsDeclaredAndNotReachedIsWarnedOf() throws Exception {
        mojo(application(Capability.EXEC, Capability.NATIVE)).execute();
        assertThat(lines.warnings)
                .singleElement()
                .asString()
                .contains("declared in @Agent(capabilities), but no path was found to: native;");
    }

    @Test
    void aLibraryOfTheBuildThatIsNotInTheApplicationEndsTheBuild() throws IOException {
        var application = application();
        var elsewhere = build.resolve(Application.TRANSITIVE);
        Files.move(application.jar(Application.TRANSITIVE), elsewhere);
        // Without its library, nothing is found: that answer must not count.
        assertThatThrownBy(mojo(application, ArtifactOnDisk.jar(elsewhere))::execute)
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("expected the jar of com.example:later:")
                .hasMessageContaining("after those that put it there");
        assertThat(report()).doesNotExist();
        assertThat(build.resolve(AnalyzeMojo.SARIF)).doesNotExist();
    }

    @Test
    void anOlderJarInTheApplicationThanInTheBuildEndsTheBuild() throws IOException {
        var application = application(Capability.EXEC);
        var newer = Files.writeString(build.resolve(Application.TRANSITIVE), "another jar");
        assertThatThrownBy(mojo(application, ArtifactOnDisk.jar(newer))::execute)
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("com.example:later:");
    }

    @Test
    void anAgentWhoseJarThisBuildHasNotMadeEndsTheBuild() throws IOException {
        var mojo = mojo(application(Capability.EXEC));
        mojo.agent = ArtifactOnDisk.notBuilt(Application.AGENT);
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("expected the jar of com.example:watch:");
    }

    @Test
    void whatIsNotOfTheClassPathNeedNotBeInTheApplication() throws Exception {
        var document = Files.writeString(build.resolve("bill-of-materials"), "<project/>");
        mojo(application(Capability.EXEC), ArtifactOnDisk.document(document)).execute();
        assertThat(report()).exists();
    }

    @Test
    void anAnalysisThatCannotBeMadeEndsTheBuildWithItsCodeAndLeavesNoOlderReport()
            throws Exception {
        var application = application(Capability.EXEC);
        mojo(application).execute();
        var jar = application.jar(Application.LIBRARY);
        Files.write(jar, Arrays.copyOf(Files.readAllBytes(jar), 100));
        assertThatThrownBy(mojo(application)::execute)
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("what the agent can reach is not known: UNREADABLE_JAR: ");
        assertThat(report()).doesNotExist();
    }

    @Test
    void aDirectoryWithoutAnAgentEndsTheBuild() throws IOException {
        var application = application();
        Files.delete(application.jar(Application.AGENT));
        assertThatThrownBy(mojo(application)::execute)
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("NO_AGENT");
    }

    @Test
    void noPropertyOfTheCommandLineReachesTheGate() throws IOException {
        var descriptor = Files.readString(Path.of("target/classes/META-INF/maven/plugin.xml"));
        var configuration =
                descriptor.substring(
                        descriptor.indexOf("<configuration>"),
                        descriptor.indexOf("</configuration>"));
        // A parameter with a property of its own has it as its text.
        assertThat(configuration.lines().skip(1).filter(line -> !line.isBlank()).toList())
                .hasSize(4)
                .allMatch(line ->
                        line.matches(
                                " *<\\w+ implementation=\"[^\"]+\" default-value=\"[^\"]+\"/>"));
    }
}
