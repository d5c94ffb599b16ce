package dev.casemate.container.image;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Methods of the JDK that a sealed runtime keeps in name only: the class is needed, the power is
/// not.
///
/// Runs in the JVM that links. Not thread-safe.
final class CutMethods {

    /// When a cut method refuses.
    enum How {
        REFUSE("refuse"),
        EMPTY("empty"),
        UNTIL_BOOT("until-boot"),
        SWITCH_ONLY("switch-only"),
        JDK_ONLY("jdk-only");

        private final String word;

        How(String word) {
            this.word = word;
        }

        private static How of(String word) {
            for (var how : values()) {
                if (how.word.equals(word)) {
                    return how;
                }
            }
            throw new IllegalStateException("expected a way to cut a method, not " + word);
        }
    }

    /// @param path of the class in the pool of jlink
    /// @param method name, or name and descriptor
    private record Cut(String path, String method, How how) {
        boolean matches(MethodModel model) {
            var name = model.methodName().stringValue();
            return method.equals(name) || method.equals(name + model.methodType().stringValue());
        }
    }

    private static final ClassDesc SECURITY_EXCEPTION = ClassDesc.of("java.lang.SecurityException");
    private static final ClassDesc VM = ClassDesc.of("jdk.internal.misc.VM");
    private static final ClassDesc CDS = ClassDesc.of("jdk.internal.misc.CDS");
    private static final ClassDesc STACK_WALKER = ClassDesc.of("java.lang.StackWalker");
    private static final ClassDesc STACK_WALKER_OPTION = STACK_WALKER.nested("Option");
    private static final ClassDesc SWITCH_BOOTSTRAPS =
            ClassDesc.of("java.lang.runtime.SwitchBootstraps");
    private static final ClassDesc CLASS_LOADER = ClassDesc.of("java.lang.ClassLoader");

    private final List<Cut> cuts;
    private final Set<Cut> found = new HashSet<>();
    private int count;

    CutMethods(RuleFile file) {
        cuts = new ArrayList<>();
        for (var rule : file.rules()) {
            var fields = rule.fields();
            if (fields.size() != 4) {
                throw new IllegalStateException(
                        file.name() + ": expected a module, a class, a method and how: " + fields);
            }
            cuts.add(
                    new Cut(
                            "/" + fields.get(0) + "/" + fields.get(1) + ".class",
                            fields.get(2),
                            How.of(fields.get(3))));
        }
    }

    /// Whether a class has methods to cut.
    boolean concerns(String path) {
        return cuts.stream().anyMatch(cut -> cut.path().equals(path));
    }

    /// The class with its methods cut.
    byte[] apply(String path, byte[] bytes) {
        var here = cuts.stream().filter(cut -> cut.path().equals(path)).toList();
        var classFile = ClassFile.of();
        ClassModel model = classFile.parse(bytes);
        return classFile.transformClass(
                model,
                (builder, element) -> {
                    if (element instanceof MethodModel method && method.code().isPresent()) {
                        for (var cut : here) {
                            if (cut.matches(method)) {
                                found.add(cut);
                                count++;
                                cut(builder, method, cut.how());
                                return;
                            }
                        }
                    }
                    builder.with(element);
                });
    }

    /// How many methods were cut, overloads counted.
    int count() {
        return count;
    }

    /// The rules that matched nothing although the runtime has their module.
    List<String> stale(Set<String> modules) {
        return cuts.stream()
                .filter(cut -> !found.contains(cut))
                .filter(cut ->
                        modules.contains(cut.path().substring(1, cut.path().indexOf('/', 1))))
                .map(cut -> cut.path() + " " + cut.method())
                .toList();
    }

    private static void cut(ClassBuilder builder, MethodModel method, How how) {
        switch (how) {
            case REFUSE -> replace(builder, method, code -> refuse(code, method));
            case EMPTY -> replace(builder, method, code -> answerNothing(code, method));
            case UNTIL_BOOT -> prepend(builder, method, code -> untilBoot(code, method));
            case SWITCH_ONLY -> prepend(builder, method, code -> switchOnly(code, method));
            case JDK_ONLY -> prepend(builder, method, code -> jdkOnly(code, method));
        }
    }

    private static void replace(
            ClassBuilder builder, MethodModel method, Consumer<CodeBuilder> code) {
        builder.withMethod(
                method.methodName(),
                method.methodType(),
                method.flags().flagsMask(),
                body -> {
                    method.forEach(element -> {
                        if (!(element instanceof CodeModel)) {
                            body.with(element);
                        }
                    });
                    body.withCode(code);
                });
    }

    private static void prepend(
            ClassBuilder builder, MethodModel method, Consumer<CodeBuilder> guard) {
        builder.transformMethod(
                method,
                MethodTransform.transformingCode(
                        new CodeTransform() {
                            @Override
                            public void atStart(CodeBuilder code) {
                                guard.accept(code);
                            }

                            @Override
                            public void accept(CodeBuilder code, CodeElement element) {
                                code.with(element);
                            }
                        }));
    }

    private static void answerNothing(CodeBuilder code, MethodModel method) {
        if (method.methodTypeSymbol().returnType().equals(ConstantDescs.CD_Map)) {
            code.invokestatic(
                    ConstantDescs.CD_Map, "of", MethodTypeDesc.of(ConstantDescs.CD_Map), true);
        } else {
            code.aconst_null();
        }
        code.areturn();
    }

    private static void untilBoot(CodeBuilder code, MethodModel method) {
        var flag = MethodTypeDesc.of(ConstantDescs.CD_boolean);
        code.invokestatic(VM, "isBooted", flag)
                .ifThen(booted ->
                        // The option -Xshare:dump makes a loader of its own; a running
                        // process cannot come to have it.
                        booted.invokestatic(CDS, "isDumpingArchive", flag)
                                .ifThen(Opcode.IFEQ, then -> refuse(then, method)));
    }

    private static void switchOnly(CodeBuilder code, MethodModel method) {
        code.getstatic(STACK_WALKER_OPTION, "RETAIN_CLASS_REFERENCE", STACK_WALKER_OPTION)
                .invokestatic(
                        STACK_WALKER,
                        "getInstance",
                        MethodTypeDesc.of(STACK_WALKER, STACK_WALKER_OPTION))
                .invokevirtual(
                        STACK_WALKER, "getCallerClass", MethodTypeDesc.of(ConstantDescs.CD_Class))
                .ldc(SWITCH_BOOTSTRAPS)
                .ifThen(Opcode.IF_ACMPNE, then -> refuse(then, method));
    }

    private static void jdkOnly(CodeBuilder code, MethodModel method) {
        int firstArgument = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
        code.aload(firstArgument)
                .invokevirtual(
                        ConstantDescs.CD_Class, "getClassLoader", MethodTypeDesc.of(CLASS_LOADER))
                .ifThen(Opcode.IFNONNULL, then -> refuse(then, method));
    }

    private static void refuse(CodeBuilder code, MethodModel method) {
        code.new_(SECURITY_EXCEPTION)
                .dup()
                .ldc("removed from this runtime: " + method.methodName().stringValue())
                .invokespecial(
                        SECURITY_EXCEPTION,
                        ConstantDescs.INIT_NAME,
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String))
                .athrow();
    }
}
