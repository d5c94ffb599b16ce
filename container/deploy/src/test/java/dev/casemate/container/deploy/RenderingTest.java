package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.manifest.Deployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RenderingTest {

    /// `-Dcasemate.golden=DIRECTORY` writes what would be expected there, to be reviewed.
    private static final Optional<Path> WRITE =
            Optional.ofNullable(System.getProperty("casemate.golden")).map(Path::of);

    static Stream<Arguments> renderings() {
        return Subjects.places().stream()
                .flatMap(place ->
                        Subjects.all().stream().map(subject -> Arguments.of(place, subject)));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyFileIsTheOneThatWasReviewed(Place place, Subject subject) throws IOException {
        var directory = place.platform().word() + "-" + subject.kind().word();
        var rendering = Rendering.of(place, subject);
        for (var file : rendering.files()) {
            write("golden/" + directory + "/" + file.name(), file.text());
        }
        for (var file : rendering.files()) {
            var name = "golden/" + directory + "/" + file.name();
            try (var stream = RenderingTest.class.getResourceAsStream(name)) {
                assertThat(stream).as("the file %s beside this test", name).isNotNull();
                assertThat(file.text())
                        .isEqualTo(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void theSameBindingsGiveTheSameBytes(Place place, Subject subject) {
        assertThat(Rendering.of(place, subject)).isEqualTo(Rendering.of(place, subject));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void theDescriptorEndsWithWhatThePlatformCannotEnforce(Place place, Subject subject) {
        var rendering = Rendering.of(place, subject);
        var text = rendering.files().getFirst().text();
        var end =
                text.substring(
                        text.indexOf("What " + place.platform().title() + " cannot enforce:"));
        assertThat(end.lines())
                .allMatch(line ->
                        line.startsWith("#") || line.startsWith("--") || line.startsWith("What"));
        for (var gap : rendering.gaps()) {
            assertThat(end).contains(gap.control() + ": ").contains(gap.source().toString());
        }
    }

    @Test
    void theDeploymentThatIsRenderedIsOneThatTheAgentAccepts() {
        for (var place : Subjects.places()) {
            var document = Subjects.worker().documents(place::secretPath).get("deployment.json");
            assertThat(document).isNotNull();
            Deployment.read(document.getBytes(StandardCharsets.UTF_8))
                    .requireFor(Subjects.manifest("1.0.0"));
        }
    }

    @Test
    void anImageThatIsNamedByATagIsRefused() {
        refused(() ->
                Subjects.agent(
                        Subjects.manifest("1"), Optional.empty(), 1, "registry.test/agent:1"));
    }

    @Test
    void aDestinationWithoutTargetIsRefused() {
        var agent = Subjects.worker();
        refused(() ->
                new ContainedAgent(
                        agent.agent(),
                        agent.image(),
                        agent.correlation(),
                        agent.model(),
                        agent.proxy(),
                        List.of(),
                        agent.task(),
                        1,
                        agent.calls()));
    }

    @Test
    void aTaskInSeveralReplicasIsRefused() {
        refused(() ->
                Subjects.agent(
                        Subjects.manifest("1"), Optional.of("x"), 2, Subjects.image("agent")));
    }

    @Test
    void aPrivateKeyBesideACertificateIsRefused() {
        var pem =
                Subjects.CERTIFICATES
                        + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        refused(() ->
                new Target(
                        "prices",
                        "prices.test",
                        "10.0.0.1",
                        443,
                        Optional.of(pem),
                        Optional.empty()));
    }

    @Test
    void aProxyWithoutAPlaceForItsLedgersIsRefused() {
        var ecs = (Place.Ecs) Subjects.places().get(1);
        var without =
                new Place.Ecs(
                        ecs.region(),
                        ecs.vpc(),
                        ecs.cluster(),
                        ecs.subnets(),
                        ecs.endpoints(),
                        ecs.storagePrefixList(),
                        ecs.repositoryArn(),
                        ecs.filesImage(),
                        Optional.empty());
        assertThatThrownBy(() -> Rendering.of(without, Subjects.proxy()))
                .isInstanceOfSatisfying(
                        DeployException.class,
                        refusal ->
                                assertThat(refusal.code())
                                        .isEqualTo(DeployException.Code.MISSING_BINDING));
    }

    private static void write(String name, String text) throws IOException {
        if (WRITE.isPresent()) {
            var target = WRITE.get().resolve(name);
            Files.createDirectories(target.resolveSibling(""));
            Files.writeString(target, text);
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        DeployException.class,
                        refusal ->
                                assertThat(refusal.code())
                                        .isEqualTo(DeployException.Code.INVALID_REQUEST));
    }
}
