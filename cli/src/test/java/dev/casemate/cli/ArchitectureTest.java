package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The arrows between modules, as ARCHITECTURE.md draws them: layers never see each other, and what
/// they share is the manifest.
class ArchitectureTest {

    private static final String ROOT = "dev.casemate.";

    /// Module (folder, and package) to the modules that it may see.
    private static final Map<String, Set<String>> ARROWS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("manifest", Set.of()),
                            Map.entry("agent.sdk", Set.of("manifest")),
                            Map.entry("agent.processor", Set.of("manifest", "agent.sdk")),
                            Map.entry("agent.testkit", Set.of("manifest", "agent.sdk")),
                            Map.entry("agent.analyzer", Set.of("manifest")),
                            Map.entry("agent.maven", Set.of("manifest", "agent.analyzer")),
                            Map.entry("container.image", Set.of("manifest")),
                            Map.entry("container.evidence", Set.of("manifest")),
                            Map.entry("container.deploy", Set.of("manifest")),
                            Map.entry("container.launch", Set.of("manifest")),
                            Map.entry("proxy.policy", Set.of("manifest")),
                            Map.entry("proxy.finops", Set.of("manifest")),
                            Map.entry("proxy.audit", Set.of("manifest")),
                            Map.entry(
                                    "proxy.gateway",
                                    Set.of(
                                            "manifest",
                                            "proxy.policy",
                                            "proxy.finops",
                                            "proxy.audit")),
                            Map.entry(
                                    "proxy.console",
                                    Set.of("manifest", "proxy.finops", "proxy.audit")),
                            Map.entry(
                                    "governance",
                                    Set.of(
                                            "manifest",
                                            "agent.analyzer",
                                            "container.image",
                                            "container.launch",
                                            "proxy.audit",
                                            "proxy.console",
                                            "proxy.finops",
                                            "proxy.gateway")),
                            Map.entry("examples.marketanalyst", Set.of("manifest", "agent.sdk")),
                            Map.entry(
                                    "bench",
                                    Set.of(
                                            "manifest",
                                            "agent.analyzer",
                                            "agent.sdk",
                                            "agent.processor",
                                            "container.image",
                                            "container.launch",
                                            "governance",
                                            "proxy.gateway")),
                            Map.entry(
                                    "cli",
                                    Set.of(
                                            "manifest",
                                            "agent.analyzer",
                                            "agent.sdk",
                                            "agent.testkit",
                                            "container.deploy",
                                            "container.evidence",
                                            "container.image",
                                            "container.launch",
                                            "proxy.audit",
                                            "proxy.console",
                                            "proxy.gateway",
                                            "governance"))));

    private final JavaClasses classes = importModules();

    @Test
    void every_arrow_between_modules_is_one_of_the_drawn() {
        var wrong = new ArrayList<String>();
        for (var type : classes) {
            var from = module(type);
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                var to = dependency.getTargetClass();
                if (to.getPackageName().startsWith(ROOT)
                        && !module(to).equals(from)
                        && !ARROWS.getOrDefault(from, Set.of()).contains(module(to))) {
                    wrong.add(type.getName() + " sees " + to.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void every_module_was_seen_and_none_is_empty() {
        var seen = new HashSet<String>();
        for (var type : classes) {
            if (!type.getSimpleName().equals("package-info")) {
                seen.add(module(type));
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ARROWS.keySet());
        assertThat(classes.size()).isGreaterThan(150);
    }

    @Test
    void what_ships_in_a_contained_agent_does_none_of_what_containment_forbids() {
        var forbidden =
                List.of(
                        "java.lang.ProcessBuilder",
                        "java.net.ServerSocket",
                        "java.net.URLClassLoader",
                        "java.io.ObjectInputStream",
                        "java.util.ServiceLoader");
        var found = new ArrayList<String>();
        for (var type : classes) {
            if (Set.of("manifest", "agent.sdk", "examples.marketanalyst").contains(module(type))) {
                type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getName())
                        .filter(name ->
                                forbidden.contains(name)
                                        || name.startsWith("java.lang.reflect.")
                                        || name.startsWith("java.lang.foreign."))
                        .forEach(name -> found.add(type.getName() + " uses " + name));
                // A hook for the signal to end, which ends the process with a code that says
                // whether
                // its work was done, is all that an agent may want of Runtime.
                type.getMethodCallsFromSelf().stream()
                        .map(call -> call.getTarget().getFullName())
                        .filter(name ->
                                name.startsWith("java.lang.Runtime.")
                                        && Stream.of("getRuntime", "addShutdownHook", "halt")
                                                .noneMatch(it ->
                                                        name.startsWith("java.lang.Runtime." + it)))
                        .forEach(name -> found.add(type.getName() + " calls " + name));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void the_policy_does_no_input_and_no_output() {
        var found = new ArrayList<String>();
        for (var type : classes) {
            if (module(type).equals("proxy.policy")) {
                type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getName())
                        .filter(name ->
                                name.startsWith("java.net.Socket")
                                        || name.startsWith("java.nio.file."))
                        .forEach(name -> found.add(type.getName() + " uses " + name));
            }
        }
        assertThat(found).isEmpty();
    }

    private static String module(JavaClass type) {
        var name = type.getPackageName().substring(ROOT.length());
        return ARROWS.keySet().stream()
                .filter(module -> name.equals(module) || name.startsWith(module + "."))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("no module is drawn for package " + ROOT + name));
    }

    private static JavaClasses importModules() {
        List<Path> directories = new ArrayList<>();
        for (var module : ARROWS.keySet()) {
            var folder =
                    module.replace('.', '/').replace("marketanalyst", "market-analyst")
                            + "/target/classes";
            directories.add(Path.of("..").resolve(folder));
        }
        assertThat(directories).allMatch(Files::isDirectory);
        return new ClassFileImporter().importPaths(directories);
    }
}
