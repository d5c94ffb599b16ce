package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What the documentation of Snowpark Container Services allows in a specification and in the
/// statements that go with it, and nothing else:
/// docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference.
final class SpcsSyntax {

    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]*(M|Mi|G|Gi)");
    private static final Pattern IMAGE = Pattern.compile("(/[a-z0-9_-]+){4}@sha256:[0-9a-f]{64}");

    private static final String ID = "[A-Za-z_][A-Za-z0-9_]*";
    private static final String PATH = ID + "(\\." + ID + "){0,2}";
    private static final List<Pattern> STATEMENTS =
            List.of(
                    statement("CREATE ROLE IF NOT EXISTS %s", ID),
                    statement("USE ROLE %s", ID),
                    statement(
                            "GRANT (USAGE ON (DATABASE|SCHEMA|COMPUTE POOL|INTEGRATION)|READ ON (IMAGE"
                                    + " REPOSITORY|STAGE|SECRET)|CREATE SERVICE ON SCHEMA) %s TO ROLE %s",
                            PATH, ID),
                    statement(
                            "CREATE STAGE IF NOT EXISTS %s ENCRYPTION = \\(TYPE ="
                                    + " 'SNOWFLAKE_SSE'\\)",
                            PATH),
                    statement(
                            "PUT 'file://[a-z0-9./_-]+' @%s(/files)? AUTO_COMPRESS = FALSE OVERWRITE"
                                    + " = TRUE",
                            PATH),
                    statement(
                            "CREATE OR REPLACE NETWORK RULE %s TYPE = HOST_PORT MODE = EGRESS"
                                    + " VALUE_LIST = \\('[a-z0-9.-]+:[0-9]{1,5}'(,"
                                    + " '[a-z0-9.-]+:[0-9]{1,5}')*\\)",
                            PATH),
                    statement(
                            "CREATE OR REPLACE EXTERNAL ACCESS INTEGRATION %s ALLOWED_NETWORK_RULES ="
                                    + " \\(%s\\) ENABLED = TRUE",
                            ID, PATH),
                    statement(
                            "EXECUTE JOB SERVICE IN COMPUTE POOL %s FROM @%s SPECIFICATION_FILE ="
                                    + " 'service.yaml' NAME = %s EXTERNAL_ACCESS_INTEGRATIONS = \\(%s\\)",
                            ID, PATH, PATH, ID),
                    statement(
                            "CREATE SERVICE %s IN COMPUTE POOL %s FROM @%s SPECIFICATION_FILE ="
                                    + " 'service.yaml' EXTERNAL_ACCESS_INTEGRATIONS = \\(%s\\)"
                                    + " MIN_INSTANCES = [1-9][0-9]* MAX_INSTANCES = [1-9][0-9]*",
                            PATH, ID, PATH, ID));

    private SpcsSyntax() {}

    /// @param parts take the places of `%s`, in order
    private static Pattern statement(String form, String... parts) {
        var pattern = form;
        for (var part : parts) {
            pattern = pattern.replaceFirst("%s", Matcher.quoteReplacement(part));
        }
        return Pattern.compile(pattern);
    }

    /// Reads a script: comments, then statements that each end with a semicolon.
    static List<String> statements(String script) {
        var statements = new ArrayList<String>();
        var current = new StringBuilder();
        boolean quoted = false;
        for (var line : script.lines().toList()) {
            if (!quoted && line.startsWith("--")) {
                continue;
            }
            for (char c : (line + "\n").toCharArray()) {
                quoted ^= c == '\'';
                if (c == ';' && !quoted) {
                    statements.add(current.toString().strip().replaceAll("\\s+", " "));
                    current.setLength(0);
                } else {
                    current.append(c);
                }
            }
        }
        assertThat(quoted).as("an open text").isFalse();
        assertThat(current.toString()).as("after the last statement").isBlank();
        assertThat(statements)
                .allSatisfy(statement ->
                        assertThat(STATEMENTS)
                                .as(statement)
                                .anyMatch(form -> form.matcher(statement).matches()));
        return statements;
    }

    static void requireSpecification(String yaml) {
        var document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        var spec = mapping(get(members(document, Set.of("spec"), Set.of()), "spec"));
        requireOnly(spec, Set.of("containers", "volumes"), Set.of("endpoints"));
        var volumes = new HashSet<Object>();
        for (var volume : list(get(spec, "volumes"))) {
            volumes.add(volume(volume));
        }
        for (var container : list(get(spec, "containers"))) {
            container(container, volumes);
        }
        for (var endpoint : list(spec.getOrDefault("endpoints", List.of()))) {
            var members = members(endpoint, Set.of("name", "port"), Set.of("public", "protocol"));
            requireName(get(members, "name"));
            assertThat(get(members, "port")).isInstanceOf(Integer.class);
            assertThat(get(members, "public")).isEqualTo(false);
            assertThat(get(members, "protocol")).isIn("TCP", "HTTP");
        }
    }

    private static Object volume(Object volume) {
        var members = members(volume, Set.of("name", "source"), Set.of("size", "uid", "gid"));
        requireName(get(members, "name"));
        var source = String.valueOf(get(members, "source"));
        if (source.equals("memory") || source.equals("block")) {
            requireSize(get(members, "size"));
        } else {
            assertThat(source).matches("@" + PATH + "(/[a-z]+)*");
            assertThat(members).doesNotContainKey("size");
        }
        if (source.equals("memory")) {
            assertThat(members).doesNotContainKeys("uid", "gid");
        }
        return get(members, "name");
    }

    private static void container(Object container, Set<Object> volumes) {
        var members =
                members(
                        container,
                        Set.of("name", "image", "args", "volumeMounts", "resources", "secrets"),
                        Set.of("env", "command", "readinessProbe"));
        requireName(get(members, "name"));
        assertThat(String.valueOf(get(members, "image"))).matches(IMAGE);
        assertThat(list(get(members, "args"))).allMatch(String.class::isInstance);
        for (var mount : list(get(members, "volumeMounts"))) {
            var each = members(mount, Set.of("name", "mountPath"), Set.of());
            assertThat(volumes).contains(get(each, "name"));
            assertThat(String.valueOf(get(each, "mountPath"))).startsWith("/");
        }
        var resources = members(get(members, "resources"), Set.of("requests", "limits"), Set.of());
        for (var side : resources.values()) {
            var amounts = members(side, Set.of("cpu", "memory"), Set.of());
            assertThat(get(amounts, "cpu")).isInstanceOf(Number.class);
            requireSize(get(amounts, "memory"));
        }
        for (var secret : list(get(members, "secrets"))) {
            var each = members(secret, Set.of("snowflakeSecret", "directoryPath"), Set.of());
            var object = members(get(each, "snowflakeSecret"), Set.of("objectName"), Set.of());
            assertThat(String.valueOf(get(object, "objectName"))).matches(PATH);
        }
    }

    private static Object get(Map<String, Object> members, String name) {
        return members.getOrDefault(name, "");
    }

    private static void requireName(Object name) {
        assertThat(String.valueOf(name)).matches(NAME);
    }

    private static void requireSize(Object size) {
        assertThat(String.valueOf(size)).matches(SIZE);
    }

    private static Map<String, Object> members(
            Object value, Set<String> required, Set<String> optional) {
        var members = mapping(value);
        requireOnly(members, required, optional);
        return members;
    }

    private static void requireOnly(
            Map<String, Object> members, Set<String> required, Set<String> optional) {
        assertThat(members.keySet()).containsAll(required);
        var known = new HashSet<>(required);
        known.addAll(optional);
        assertThat(known).containsAll(members.keySet());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> mapping(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        assertThat(value).isInstanceOf(List.class);
        return (List<Object>) value;
    }
}
