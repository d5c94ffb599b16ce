package dev.casemate.container.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.image.ImageException.Code;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageRequestTest {

    private static final Path JAR = Path.of("agent.jar");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost/a",
                "registry.example/a:1",
                "localhost/A:1",
                "localhost/a:1 b",
                ""
            })
    void aReferenceThatIsNotLocalIsRefused(String reference) {
        refused(reference, List.of(JAR), "a.B", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b.jar", "a b.jar", ".jar", "agent.zip", "*.jar"})
    void aJarThatWouldBreakTheClassPathIsRefused(String name) {
        refused("localhost/a:1", List.of(Path.of(name)), "a.B", "1");
    }

    @Test
    void noJarsAndTwoOfOneNameAreRefused() {
        refused("localhost/a:1", List.of(), "a.B", "1");
        refused("localhost/a:1", List.of(JAR, Path.of("other", "agent.jar")), "a.B", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-jar", "a..B", "@file", "a/B"})
    void aMainClassThatJavaWouldTakeForSomethingElseIsRefused(String mainClass) {
        refused("localhost/a:1", List.of(JAR), mainClass, "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Linux/sparc", "Linux/x86", "Mac OS X/aarch64", "Windows 11/amd64"})
    void aPlatformWithoutARuntimeIsRefused(String platform) {
        var parts = platform.split("/", 2);
        assertThatThrownBy(() -> ImagePlatform.of(parts[0], parts[1]))
                .isInstanceOfSatisfying(
                        ImageException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.UNSUPPORTED_PLATFORM));
    }

    @Test
    void bothProcessorsAreKnownByTheNamesOfJava() {
        assertThat(ImagePlatform.of("Linux", "amd64").ociName()).isEqualTo("amd64");
        assertThat(ImagePlatform.of("Linux", "aarch64").ociName()).isEqualTo("arm64");
    }

    private static void refused(
            String reference, List<Path> jars, String mainClass, String revision) {
        assertThatThrownBy(() ->
                        new ImageRequest(reference, jars, mainClass, Images.MANIFEST, revision))
                .isInstanceOfSatisfying(
                        ImageException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.INVALID_REQUEST));
    }
}
