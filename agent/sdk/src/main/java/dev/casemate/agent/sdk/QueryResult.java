package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.util.List;

/// Rows that a query gave.
///
/// @param columns as the database names them
/// @param rows each as long as `columns`; numbers and truth values as JSON has them, everything
///   else as text
/// @param cut whether there were more rows than the limit
public record QueryResult(List<String> columns, List<List<Json>> rows, boolean cut) {

    public QueryResult {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /// For the model: `{"columns":[..],"rows":[[..]],"cut":false}`.
    public Json.Obj toJson() {
        return Json.object()
                .put("columns", Json.strings(columns))
                .put("rows", Json.array(rows.stream().map(Json::array).toList()))
                .put("cut", cut)
                .build();
    }
}
