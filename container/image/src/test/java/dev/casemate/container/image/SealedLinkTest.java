package dev.casemate.container.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SealedLinkTest {

    @Test
    void aRuleThatMatchesNothingFailsTheLink() throws Exception {
        var directory = Images.directory("stale");
        var rules = directory.resolve("dev/casemate/container/image").resolve(SealPlugin.CLASSES);
        Files.createDirectories(rules.getParent());
        var shipped = new String(RuleFile.bytes(SealPlugin.CLASSES), StandardCharsets.UTF_8);
        Files.writeString(rules, shipped + "java.base java/lang Renamed # not in this JDK\n");
        var output = directory.resolve("runtime");

        var process = link(directory, output);

        assertThat(process.code()).isNotZero();
        assertThat(process.lines())
                .anySatisfy(line ->
                        assertThat(line)
                                .contains(SealedLink.STALE + "/java.base/java/lang/Renamed"));
        assertThat(output.resolve("bin/java")).doesNotExist();
    }

    private static FinishedProcess link(Path rules, Path output) throws Exception {
        var classes =
                Path.of(RuleFile.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var names = Files.writeString(rules.resolve("names"), "java/lang/String\n");
        return FinishedProcess.run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.jlink",
                        "--add-exports=jdk.jlink/jdk.tools.jlink.plugin=ALL-UNNAMED",
                        "--add-exports=jdk.jlink/jdk.tools.jlink.internal=ALL-UNNAMED",
                        "-cp",
                        rules + File.pathSeparator + classes,
                        SealedLink.class.getName(),
                        "--add-modules=java.base",
                        "--output",
                        output.toString(),
                        "--" + SealPlugin.NAME + "=" + names));
    }
}
