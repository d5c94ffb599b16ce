package dev.casemate.agent.processor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/// Reads what a tool returns.
final class ResultReader {

    /// What a tool may return in place of a result that comes later.
    static final Set<String> FUTURES =
            Set.of(
                    "java.util.concurrent.Future",
                    "java.util.concurrent.CompletionStage",
                    "java.util.concurrent.CompletableFuture");

    private final Problems problems;
    private final TypeWalk walk;

    ResultReader(Problems problems, TypeWalk walk) {
        this.problems = problems;
        this.walk = walk;
    }

    Optional<Result> read(ExecutableElement tool) {
        var type = tool.getReturnType();
        if (!(type instanceof DeclaredType declared) || !FUTURES.contains(name(type))) {
            return result(tool, type, false);
        }
        return declared.getTypeArguments().isEmpty()
                ? problems.refuse(
                        Place.of(tool), "a raw future cannot be written: say what is inside")
                : result(tool, declared.getTypeArguments().getFirst(), true);
    }

    private Optional<Result> result(ExecutableElement tool, TypeMirror type, boolean awaited) {
        if (type.getKind() == TypeKind.VOID || (awaited && name(type).equals("java.lang.Void"))) {
            return Optional.of(new Result(Optional.empty(), awaited));
        }
        return walk.use(type, List.of(tool))
                .map(use -> new Result(Optional.of(use.type()), awaited));
    }

    private static String name(TypeMirror type) {
        return type instanceof DeclaredType declared
                        && declared.asElement() instanceof TypeElement element
                ? element.getQualifiedName().toString()
                : "";
    }
}
