package dev.casemate.container.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.image.ImageException.Code;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RuntimeModulesTest {

    @Test
    void thePlatformIsAlwaysThere() {
        var modules = RuntimeModules.forPackages(Set.of());
        assertThat(modules.included()).containsExactly("java.base");
        assertThat(modules.withheld()).isEmpty();
    }

    @Test
    void aModuleComesWithWhatItRequires() {
        assertThat(RuntimeModules.forPackages(Set.of("java.sql")).included())
                .containsExactly(
                        "java.base", "java.logging", "java.sql", "java.transaction.xa", "java.xml");
    }

    @Test
    void aWithheldModuleIsLeftOutAndNamedWithTheReason() {
        var modules = RuntimeModules.forPackages(Set.of("java.net.http", "sun.misc"));
        assertThat(modules.included()).containsExactly("java.base", "java.net.http");
        assertThat(modules.withheld()).containsOnlyKeys("jdk.unsupported");
        assertThat(modules.withheld().get("jdk.unsupported")).contains("sun.misc.Unsafe");
    }

    @Test
    void aWholeRuntimeHasWhatTheProbeTries() {
        var tried = RuntimeModules.forPackages(Set.of()).withTried().included();
        assertThat(tried)
                .contains("java.base", "jdk.attach", "jdk.compiler", "jdk.unsupported")
                .doesNotContain("java.desktop");
    }

    @Test
    void aModuleThatRequiresAWithheldOneIsRefused() {
        // jdk.jconsole requires java.desktop, among others.
        assertThatThrownBy(() -> RuntimeModules.forPackages(Set.of("com.sun.tools.jconsole")))
                .isInstanceOfSatisfying(
                        ImageException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.MODULE_WITHHELD));
    }
}
