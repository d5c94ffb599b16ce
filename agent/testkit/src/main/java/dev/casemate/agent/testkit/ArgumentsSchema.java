package dev.casemate.agent.testkit;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ToolSpec;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.JsonNodeException;
import tools.jackson.databind.json.JsonMapper;

/// Says whether arguments hold a tool's schema, independently of the code that was generated for
/// the tool: it reads the schema in the manifest, with somebody else's validator.
///
/// It loads no schema from anywhere: a reference to another document is an error.
final class ArgumentsSchema {

    /// How many complaints are told.
    private static final int MAX_COMPLAINTS = 5;

    private static final JsonMapper EXACT =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final Schema schema;

    ArgumentsSchema(ToolSpec tool) {
        var registry =
                SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder ->
                                builder.schemaLoader(loader -> loader.block(_ -> true))
                                        // Exact: as a double, 1e-20 above a bound is the bound.
                                        .nodeReader(reader -> reader.jsonMapper(EXACT)));
        schema = registry.getSchema(tool.inputSchema().text());
    }

    boolean accepts(Json arguments) {
        return complaint(arguments).isEmpty();
    }

    /// What does not hold, and where; without the values, which may be long. Empty if all holds.
    Optional<String> complaint(Json arguments) {
        List<Error> errors;
        try {
            errors =
                    schema.validate(
                            arguments.text(),
                            InputFormat.JSON,
                            context ->
                                    context.executionConfig(
                                            it -> it.formatAssertionsEnabled(true)));
        } catch (JsonNodeException e) {
            // The validator asks a whole number of any size for its long.
            return Optional.of("a number beyond every range");
        }
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        var complaints = new TreeSet<String>();
        for (var error : errors) {
            complaints.add(complaint(error));
        }
        return Optional.of(String.join("; ", complaints.stream().limit(MAX_COMPLAINTS).toList()));
    }

    private static String complaint(Error error) {
        var property = Optional.ofNullable(error.getProperty()).map(it -> " " + it).orElse("");
        return error.getInstanceLocation() + " " + error.getKeyword() + property;
    }
}
