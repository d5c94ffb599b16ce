package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Capability;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The shortest paths of a report as one picture, in the language of Graphviz: methods by jar, the
/// JDK's methods that count with their capabilities, and how one leads to the next.
///
/// Source: the DOT language, https://graphviz.org/doc/info/lang.html
public final class DotGraph {

    private static final int LABEL_CHARS = 48;

    /// A method, in the jar or module that has it.
    private record Node(String origin, String method) {}

    private record Edge(String from, String to, String label) {}

    private final Report report;
    private final Map<Node, String> ids = new LinkedHashMap<>();
    private final Map<Node, Set<Capability>> counts = new LinkedHashMap<>();
    private final Set<Node> starts = new LinkedHashSet<>();
    private final Set<Edge> edges = new LinkedHashSet<>();

    private DotGraph(Report report) {
        this.report = report;
        report.capabilities()
                .forEach((capability, witnesses) ->
                        witnesses.forEach(witness -> add(capability, witness)));
    }

    /// A document for `dot`; the same report gives the same text.
    public static String of(Report report) {
        return new DotGraph(report).text();
    }

    private void add(Capability capability, Witness witness) {
        var before = "";
        for (var step : witness.steps()) {
            var node = new Node(step.origin(), step.method());
            var id = ids.computeIfAbsent(node, _ -> "m" + ids.size());
            if (before.isEmpty()) {
                starts.add(node);
                if (step.link() != Link.ROOT) {
                    edges.add(new Edge("jdk", id, label(step)));
                }
            } else {
                edges.add(new Edge(before, id, label(step)));
            }
            before = id;
        }
        var last = witness.steps().getLast();
        counts.computeIfAbsent(
                        new Node(last.origin(), last.method()),
                        _ -> EnumSet.noneOf(Capability.class))
                .add(capability);
    }

    private static String label(Step step) {
        var reasons = step.because().stream().map(DotGraph::shortened).map(DotGraph::escaped);
        return escaped(step.link().word())
                + reasons.map(reason -> "\\n" + reason).collect(Collectors.joining());
    }

    private String text() {
        var out = new StringBuilder();
        out.append(
                """
                digraph capabilities {
                  graph [rankdir=LR, fontname="Helvetica", nodesep=0.25, ranksep=0.6, compound=true];
                  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=10];
                  edge [fontname="Helvetica", fontsize=8, color="#555555", fontcolor="#555555"];
                """);
        out.append("  label=\"").append(escaped(caption())).append("\";\n");
        int clusters = 0;
        var jars = report.origins().stream().map(Origin::name).distinct().toList();
        for (var jar : jars) {
            var held = ids.keySet().stream().filter(node -> node.origin().equals(jar)).toList();
            if (!held.isEmpty()) {
                out.append("  subgraph cluster_").append(clusters++).append(" {\n");
                out.append("    label=\"").append(escaped(jar));
                out.append("\"; style=filled; fillcolor=\"#eef3f8\"; color=\"#9db4c8\";\n");
                held.forEach(node -> out.append("  ").append(line(node)));
                out.append("  }\n");
            }
        }
        ids.keySet().stream()
                .filter(node -> !jars.contains(node.origin()))
                .forEach(node -> out.append(line(node)));
        if (edges.stream().anyMatch(edge -> edge.from().equals("jdk"))) {
            out.append("  jdk [label=\"the JDK\", shape=ellipse, fillcolor=\"#dddddd\"];\n");
        }
        for (var edge : edges) {
            out.append("  ").append(edge.from()).append(" -> ").append(edge.to());
            out.append(" [label=\"").append(edge.label()).append("\"];\n");
        }
        return out.append("}\n").toString();
    }

    private String caption() {
        var absent = EnumSet.allOf(Capability.class);
        absent.removeAll(report.capabilities().keySet());
        return "Shortest paths to each capability, one for each jar that has it. No path found to: "
                + absent.stream().map(Capability::word).collect(Collectors.joining(", "));
    }

    private String line(Node node) {
        var capabilities = counts.getOrDefault(node, Set.of());
        var label = new StringBuilder(methodLabel(node.method()));
        var look = "";
        if (!capabilities.isEmpty()) {
            var words = capabilities.stream().map(Capability::word);
            label.append("\\n").append(words.collect(Collectors.joining(", ")));
            look = ", shape=octagon, style=filled, fillcolor=\"#fbe0d8\", color=\"#b3402a\"";
        }
        if (starts.contains(node)) {
            look += ", penwidth=2.5, color=\"#1f6f43\"";
        }
        return "  %s [label=\"%s\"%s%s];\n".formatted(ids.get(node), label, tooltip(node), look);
    }

    // Releases of Graphviz differ on what a backslash is in there.
    private static String tooltip(Node node) {
        var text = node.method() + " in " + node.origin();
        return text.contains("\\") ? "" : ", tooltip=\"" + escaped(text) + "\"";
    }

    /// The package on one line, the class and the method on the next.
    private static String methodLabel(String method) {
        int parameters = method.indexOf('(');
        int name = method.lastIndexOf('.', parameters < 0 ? method.length() : parameters);
        int type = name <= 0 ? -1 : method.lastIndexOf('.', name - 1);
        if (type < 0) {
            return escaped(shortened(method));
        }
        return escaped(shortened(method.substring(0, type)))
                + "\\n"
                + escaped(shortened(method.substring(type + 1)));
    }

    private static String shortened(String text) {
        if (text.codePointCount(0, text.length()) <= LABEL_CHARS) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, LABEL_CHARS - 1)) + "…";
    }

    /// For a quoted string that is shown: there quotes, backslashes and entities mean something.
    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("&", "&amp;");
    }
}
