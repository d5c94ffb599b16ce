package dev.casemate.container.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AgentImageTest {

    @Test
    void twoBuildsInDifferentPlacesAreTheSameBitForBit() throws IOException {
        var first = Images.agent("first");
        var second = Images.agent("second");
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(second.imageId()).isEqualTo(first.imageId());
        assertThat(Files.mismatch(first.archive(), second.archive())).isEqualTo(-1);
    }

    @Test
    void aSecondBuildInOnePlaceKeepsTheRuntime() throws IOException {
        var first = Images.agent("first");
        assertThat(Images.agentAgain("first").digest()).isEqualTo(first.digest());
        assertThat(Images.progress()).last().asString().startsWith("image: writing");
        assertThat(Images.progress())
                .anySatisfy(line -> assertThat(line).endsWith("kept from an earlier build"));
    }

    @Test
    void theResultNamesWhatLiesInTheArchive() throws IOException {
        var image = Images.agent("first");
        var archive = OciArchive.read(image.archive());
        assertThat(image.digest()).isEqualTo(archive.manifestDigest());
        assertThat(image.imageId().value())
                .isEqualTo(
                        OciArchive.text(OciArchive.member(archive.manifest(), "config"), "digest"));
        assertThat(image.agentManifest()).isEqualTo(Images.MANIFEST.digest());
    }

    @Test
    void theConfigurationNamesUserEntryPointAndManifest() throws IOException {
        var archive = OciArchive.read(Images.agent("first").archive());
        var config = OciArchive.member(archive.config(), "config");
        assertThat(OciArchive.text(config, "User")).isEqualTo("65532:65532");
        assertThat(archive.strings(config, "Entrypoint"))
                .containsExactly(
                        "/opt/java/bin/java",
                        "@/app/java.args",
                        "-XX:AOTCache=/app/start.aot",
                        "-cp",
                        "/app/lib/agent.jar",
                        FeatureProgram.class.getName());
        assertThat(OciArchive.member(config, "Labels"))
                .isEqualTo(
                        Json.object()
                                .put("org.opencontainers.image.title", "test-agent")
                                .put("org.opencontainers.image.version", "1.2.3")
                                .put("org.opencontainers.image.revision", "0123abc")
                                .put(
                                        "dev.casemate.manifest.digest",
                                        Images.MANIFEST.digest().value())
                                .build());
        assertThat(archive.config().text("os")).contains("linux");
        assertThat(archive.config().text("architecture"))
                .contains(ImagePlatform.current().ociName());
        assertThat(archive.config().text("created")).contains("1970-01-01T00:00:00Z");
    }

    @Test
    void theImageHoldsTheAgentAndNothingThatStartsPrograms() throws IOException {
        var image = OciArchive.read(Images.agent("first").archive()).image();
        var files = image.files();
        assertThat(files)
                .containsKeys("app/lib/agent.jar", "app/java.args", "tmp/", "run/casemate/");
        assertThat(image.file("app/manifest.json").text())
                .isEqualTo(CanonicalJson.text(Images.MANIFEST.toJson()));
        assertThat(image.file("app/java.args").text())
                .contains("--illegal-native-access=deny\n")
                .contains("-Djdk.net.hosts.file=/run/casemate/hosts\n")
                .doesNotContain("#");
        var startable =
                files.entrySet().stream()
                        .filter(file -> !file.getValue().directory())
                        .filter(file -> (file.getValue().mode() & 0111) != 0)
                        .map(Map.Entry::getKey)
                        .filter(name -> !name.contains(".so"));
        assertThat(startable).containsExactly("opt/java/bin/java");
        assertThat(image.file("opt/java/bin/java").permissions()).isEqualTo(0111);
        assertThat(files.values())
                .filteredOn(file -> !file.directory())
                .allSatisfy(file -> assertThat(file.mode() & 0222).isZero());
    }

    @Test
    void theUnsealedImageSaysSoAndCanStartProcesses() throws IOException {
        var archive = OciArchive.read(Images.unsealed().archive());
        var labels = OciArchive.member(OciArchive.member(archive.config(), "config"), "Labels");
        assertThat(labels.text("dev.casemate.sealed")).contains("false");
        var image = archive.image();
        assertThat(image.file("opt/java/lib/jspawnhelper").permissions() & 0111).isEqualTo(0111);
        assertThat(image.file("opt/java/bin/java").permissions()).isEqualTo(0555);
        assertThat(image.file("app/java.args").text()).doesNotContain("deny");
    }

    @Test
    void aProbeIsSealedLabelledAndWithoutAManifestInItsJars() throws IOException {
        Images.runtime(true);
        var directory = Images.directory("first");
        var jar = TestAgents.jar(directory.resolve("probe.jar"), Map.of(), FeatureProgram.class);
        var image =
                AgentImage.buildProbe(
                        Images.request(jar),
                        directory.resolve("probe.tar"),
                        directory.resolve("work"),
                        line -> {});
        var archive = OciArchive.read(image.archive());
        var labels = OciArchive.member(OciArchive.member(archive.config(), "config"), "Labels");
        assertThat(labels.text("dev.casemate.probe")).contains("true");
        assertThat(archive.image().file("opt/java/bin/java").permissions()).isEqualTo(0111);
    }

    @Test
    void anAgentWithoutAManifestInItsJarsIsRefused() throws IOException {
        var jar = TestAgents.jar(jarFile("none.jar"), Map.of(), FeatureProgram.class);
        refused(Code.MANIFEST_MISMATCH, jar);
    }

    @Test
    void anAgentWithAnotherManifestInItsJarsIsRefused() throws IOException {
        var other = TestAgents.manifest("another-agent");
        refused(
                Code.MANIFEST_MISMATCH,
                TestAgents.agentJar(jarFile("other.jar"), other, FeatureProgram.class));
    }

    @Test
    void anAgentWithTwoManifestsInItsJarsIsRefused() throws IOException {
        refused(
                Code.MANIFEST_MISMATCH,
                TestAgents.agentJar(jarFile("a.jar"), Images.MANIFEST, FeatureProgram.class),
                TestAgents.agentJar(jarFile("b.jar"), Images.MANIFEST));
    }

    @Test
    void aManifestThatCannotBeReadIsRefused() throws IOException {
        var garbage = Map.of(AgentManifest.RESOURCE, new byte[] {'{'});
        refused(
                Code.MANIFEST_MISMATCH,
                TestAgents.jar(jarFile("garbage.jar"), garbage, FeatureProgram.class));
    }

    @Test
    void anAgentIsNotBuiltAsAProbe() throws IOException {
        var request = Images.request(Images.agentJar(Images.directory("refused")));
        assertThatThrownBy(() ->
                        AgentImage.buildProbe(
                                request, jarFile("p.tar"), jarFile("work"), line -> {}))
                .isInstanceOfSatisfying(
                        ImageException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.MANIFEST_MISMATCH));
    }

    @Test
    void aMainClassThatIsNotInTheJarsIsRefused() throws IOException {
        refused(Code.INVALID_REQUEST, TestAgents.agentJar(jarFile("m.jar"), Images.MANIFEST));
    }

    @Test
    void aJarThatIsNoneIsRefused() throws IOException {
        refused(Code.UNREADABLE_JARS, Files.write(jarFile("text.jar"), List.of("not a jar")));
    }

    @Test
    void aJarWithAClassThatCannotBeReadIsRefused() throws IOException {
        var broken = Map.of("a/B.class", new byte[] {1, 2, 3});
        refused(
                Code.UNREADABLE_JARS,
                TestAgents.jar(jarFile("broken.jar"), broken, FeatureProgram.class));
    }

    private static Path jarFile(String name) throws IOException {
        return Images.directory("refused").resolve(name);
    }

    private static void refused(Code code, Path... jars) throws IOException {
        var output = jarFile("refused.tar");
        var work = jarFile("work");
        assertThatThrownBy(() -> AgentImage.build(Images.request(jars), output, work, line -> {}))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(output).doesNotExist();
        assertThat(work).doesNotExist();
    }
}
