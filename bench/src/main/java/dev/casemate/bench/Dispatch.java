package dev.casemate.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.casemate.agent.sdk.IdempotencyKey;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.JsonReader;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.service.tool.DefaultToolExecutor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// From the text of a call's arguments to the text of its result.
interface Dispatch {

    String call(String tool, String arguments);

    /// The generated tool set: strict JSON, every constraint, no reflection.
    static Dispatch generated() {
        ToolSet tools = ShopToolSet.of(new Shop());
        var key = new IdempotencyKey("0".repeat(64));
        return (tool, arguments) -> tools.call(tool, JsonReader.read(arguments), key).text();
    }

    /// As lean as reflection with Jackson can be: types are checked as far as Jackson does, and no
    /// constraint is.
    static Dispatch reflection() {
        var mapper = new ObjectMapper();
        var shop = new Shop();
        var methods = methods();
        return (tool, arguments) -> {
            try {
                var method = methods.get(tool);
                if (method == null) {
                    throw new IllegalArgumentException("no such tool");
                }
                var tree = mapper.readTree(arguments);
                var parameters = method.getParameters();
                var values = new Object[parameters.length];
                for (int i = 0; i < values.length; i++) {
                    var type = mapper.constructType(parameters[i].getParameterizedType());
                    values[i] = mapper.treeToValue(tree.get(parameters[i].getName()), type);
                }
                var result = method.invoke(shop, values);
                return result instanceof String text ? text : mapper.writeValueAsString(result);
            } catch (ReflectiveOperationException | JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /// LangChain4j's own executor.
    static Dispatch langChain4j() {
        var shop = new Shop();
        var executors =
                methods().entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        it -> new DefaultToolExecutor(shop, it.getValue())));
        return (tool, arguments) -> {
            var executor = executors.get(tool);
            if (executor == null) {
                throw new IllegalArgumentException("no such tool");
            }
            var request = ToolExecutionRequest.builder().name(tool).arguments(arguments).build();
            return executor.execute(request, "bench");
        };
    }

    private static Map<String, Method> methods() {
        return Arrays.stream(Shop.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .peek(method -> method.setAccessible(true))
                .collect(Collectors.toMap(Method::getName, method -> method));
    }
}
