package dev.casemate.cli;

import dev.casemate.manifest.AgentManifest;
import java.util.Set;
import javax.lang.model.SourceVersion;

/// What a new agent and its parts are called.
///
/// @param agent the manifest's name
/// @param className of the class with the tools
/// @param packageName of all its classes
record ProjectNames(String agent, String className, String packageName) {

    /// Names that the template's own sources use for something else.
    private static final Set<String> TAKEN =
            Set.of(
                    "Agent",
                    "AgentProcess",
                    "AgentUnderTest",
                    "Capability",
                    "ChronoUnit",
                    "Day",
                    "Distance",
                    "Effect",
                    "LocalDate",
                    "Main",
                    "Max",
                    "Min",
                    "RegisterExtension",
                    "RunEnd",
                    "ScriptedModel",
                    "String",
                    "Test",
                    "Tool");

    private static final String DEFAULT_PARENT = "com.example.";

    /// @throws IllegalArgumentException saying what was expected
    static ProjectNames of(String agent) {
        var word = agent.replace("-", "");
        return of(agent, DEFAULT_PARENT + (SourceVersion.isName(word) ? word : word + "agent"));
    }

    /// @throws IllegalArgumentException saying what was expected
    static ProjectNames of(String agent, String packageName) {
        if (!AgentManifest.isName(agent)) {
            throw new IllegalArgumentException(
                    "expected an agent's name of 1 to 63 lower-case letters, digits and hyphens,"
                            + " beginning with a letter");
        }
        boolean reserved =
                (packageName + ".").startsWith("java.")
                        || (packageName + ".").startsWith("dev.casemate.");
        if (reserved
                || !packageName.matches("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+")
                || !SourceVersion.isName(packageName)) {
            throw new IllegalArgumentException(
                    "expected a package such as com.example.myagent, in lower case, not below java"
                            + " or dev.casemate");
        }
        return new ProjectNames(agent, className(agent), packageName);
    }

    private static String className(String agent) {
        var name = new StringBuilder();
        for (var word : agent.split("-", -1)) {
            if (!word.isEmpty()) {
                name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        return TAKEN.contains(name.toString()) ? name + "Agent" : name.toString();
    }

    /// The package as a path below a source folder.
    String folder() {
        return packageName.replace('.', '/');
    }
}
