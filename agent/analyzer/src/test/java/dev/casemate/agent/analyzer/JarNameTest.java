package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JarNameTest {

    @ParameterizedTest
    @CsvSource({
        "jackson-core-2.18.0.jar, jackson-core, 2.18.0",
        "jackson-core.jar, jackson-core, ''",
        "netty-common-4.2.17.Final.jar, netty-common, 4.2.17.Final",
        "netty-epoll-4.2.17.Final-linux-x86_64.jar, netty-epoll-linux-x86_64, 4.2.17.Final",
        "guava-33.0.0-jre.jar, guava-jre, 33.0.0",
        "casemate-cli-0.1.0-SNAPSHOT.jar, casemate-cli, 0.1.0-SNAPSHOT",
        "lib-1.0-20260101.120000-3.jar, lib, 1.0-20260101.120000-3",
        "lib-2.0.0-rc.1.jar, lib, 2.0.0-rc.1",
        "log4j-1.2-api-2.24.0.jar, log4j-1.2-api, 2.24.0",
        "h2-2.2.224.jar, h2, 2.2.224",
        "commons-lang3-3.14.0-tests.jar, commons-lang3-tests, 3.14.0",
        "opentelemetry-proto-1.11.0-alpha.jar, opentelemetry-proto, 1.11.0-alpha",
        "2048-game.jar, 2048-game, ''",
        "'', '', ''",
        "-.jar, -, ''",
    })
    void aNameIsALibraryAndAVersion(String name, String library, String version) {
        assertThat(JarName.of(name)).isEqualTo(new JarName(library, version));
    }

    @Test
    void aNestedJarIsNamedByItsPlaceToo() {
        assertThat(JarName.of("app-1.0.jar!/BOOT-INF/lib/jackson-core-2.18.0.jar"))
                .isEqualTo(new JarName("app!/BOOT-INF/lib/jackson-core", "1.0!/2.18.0"));
    }
}
