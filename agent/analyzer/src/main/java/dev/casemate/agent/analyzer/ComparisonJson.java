package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.Comparison.Basis;
import dev.casemate.agent.analyzer.Comparison.Jar;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Json;
import java.util.Set;

/// A comparison as JSON; origins, witnesses and uses have the form that they have in a report.
final class ComparisonJson {

    private ComparisonJson() {}

    static Json.Obj of(Comparison comparison) {
        return Json.object()
                .put("apiVersion", Comparison.API_VERSION)
                .put("found", comparison.found())
                .put("came", words(comparison.came()))
                .put("went", words(comparison.went()))
                .put("jars", ReportJson.array(comparison.jars(), ComparisonJson::jar))
                .put("rootsCame", Json.strings(comparison.rootsCame()))
                .put("rootsWent", Json.strings(comparison.rootsWent()))
                .put("basis", ReportJson.array(comparison.basis(), ComparisonJson::basis))
                .build();
    }

    private static Json words(Set<Capability> capabilities) {
        return Json.strings(capabilities.stream().map(Capability::word).toList());
    }

    private static Json jar(Jar jar) {
        var json = Json.object().put("change", jar.change());
        jar.before().ifPresent(origin -> json.put("before", ReportJson.origin(origin)));
        jar.after().ifPresent(origin -> json.put("after", ReportJson.origin(origin)));
        var came = Json.object();
        jar.came()
                .forEach((capability, witness) ->
                        came.put(capability.word(), ReportJson.witness(witness)));
        return json.put("came", came.build())
                .put("went", words(jar.went()))
                .put("usesCame", ReportJson.array(jar.usesCame(), ReportJson::use))
                .put("usesWent", ReportJson.array(jar.usesWent(), ReportJson::use))
                .build();
    }

    private static Json basis(Basis basis) {
        return Json.object()
                .put("name", basis.name())
                .put("before", basis.before())
                .put("after", basis.after())
                .build();
    }
}
