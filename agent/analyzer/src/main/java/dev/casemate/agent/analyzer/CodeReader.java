package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.MethodFacts.Call;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the code of one method: what it calls, creates and names.
final class CodeReader {

    // The call sites that javac itself writes. Their arguments are followed; linking them does
    // nothing but make the function, text, comparison or switch that the source says.
    private static final Set<String> COMPILER_BOOTSTRAPS =
            Set.of(
                    "java/lang/invoke/LambdaMetafactory",
                    "java/lang/invoke/StringConcatFactory",
                    "java/lang/invoke/ConstantBootstraps",
                    "java/lang/runtime/ObjectMethods",
                    "java/lang/runtime/SwitchBootstraps",
                    "java/lang/runtime/ExactConversionsSupport");

    private final Set<Call> calls = new LinkedHashSet<>();
    private final Set<Call> handles = new LinkedHashSet<>();
    private final Set<String> instantiated = new LinkedHashSet<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private final Set<String> texts = new LinkedHashSet<>();
    private final Set<String> literals = new LinkedHashSet<>();

    private final Names names;

    private CodeReader(Names names) {
        this.names = names;
    }

    static MethodFacts.Code read(CodeModel code, Names names) {
        var reader = new CodeReader(names);
        for (var element : code) {
            reader.accept(element);
        }
        return new MethodFacts.Code(
                List.copyOf(reader.calls),
                List.copyOf(reader.handles),
                List.copyOf(reader.instantiated),
                List.copyOf(reader.touched),
                List.copyOf(reader.texts),
                List.copyOf(reader.literals));
    }

    private void accept(CodeElement element) {
        switch (element) {
            case InvokeInstruction call -> calls.add(call(call));
            case NewObjectInstruction created ->
                    instantiated.add(names.text(created.className().asInternalName()));
            case FieldInstruction field
                    when field.opcode() == Opcode.GETSTATIC || field.opcode() == Opcode.PUTSTATIC ->
                    touched.add(names.text(field.owner().asInternalName()));
            case InvokeDynamicInstruction site -> site(site);
            case ConstantInstruction constant -> constant(constant.constantValue());
            default -> {} // arithmetic, jumps and stack work reach nothing
        }
    }

    private Call call(InvokeInstruction call) {
        boolean virtual =
                call.opcode() == Opcode.INVOKEVIRTUAL || call.opcode() == Opcode.INVOKEINTERFACE;
        var target =
                names.method(
                        elementOwner(call.owner().asInternalName()),
                        call.name().stringValue(),
                        call.type().stringValue());
        return names.call(target, virtual);
    }

    private void site(InvokeDynamicInstruction site) {
        bootstrap(site.bootstrapMethod());
        site.bootstrapArgs().forEach(this::constant);
        // The object that the call site makes: its interface may have default methods.
        internalName(site.typeSymbol().returnType()).ifPresent(instantiated::add);
        for (var argument : site.bootstrapArgs()) {
            if (argument instanceof ClassDesc marker) {
                internalName(marker).ifPresent(instantiated::add);
            }
        }
    }

    private void bootstrap(DirectMethodHandleDesc bootstrap) {
        var method = method(bootstrap);
        if (!COMPILER_BOOTSTRAPS.contains(method.owner())) {
            calls.add(names.call(method, false));
        }
    }

    private void constant(ConstantDesc constant) {
        switch (constant) {
            case String text -> texts.add(names.text(text));
            case ClassDesc type -> internalName(type).ifPresent(literals::add);
            case DirectMethodHandleDesc handle -> handle(handle);
            case DynamicConstantDesc<?> dynamic -> {
                bootstrap(dynamic.bootstrapMethod());
                dynamic.bootstrapArgsList().forEach(this::constant);
            }
            default -> {} // numbers and method types name nothing that runs
        }
    }

    private void handle(DirectMethodHandleDesc handle) {
        switch (handle.kind()) {
            case STATIC, INTERFACE_STATIC, SPECIAL, INTERFACE_SPECIAL ->
                    handles.add(names.call(method(handle), false));
            case VIRTUAL, INTERFACE_VIRTUAL -> handles.add(names.call(method(handle), true));
            case CONSTRUCTOR -> {
                var constructor = method(handle);
                instantiated.add(constructor.owner());
                handles.add(names.call(constructor, false));
            }
            case STATIC_GETTER, STATIC_SETTER ->
                    internalName(handle.owner()).ifPresent(touched::add);
            case GETTER, SETTER -> {} // a field of an instance runs nothing
        }
    }

    private MethodId method(DirectMethodHandleDesc handle) {
        var owner = internalName(handle.owner()).orElse(TypeFacts.OBJECT);
        return handle.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR
                ? names.method(owner, MethodId.CONSTRUCTOR, handle.lookupDescriptor())
                : names.method(owner, handle.methodName(), handle.lookupDescriptor());
    }

    /// Arrays have the methods of `Object`.
    private static String elementOwner(String owner) {
        return owner.startsWith("[") ? TypeFacts.OBJECT : owner;
    }

    private Optional<String> internalName(ClassDesc type) {
        var element = type;
        while (element.componentType() != null) {
            element = element.componentType();
        }
        if (element.isPrimitive()) {
            return Optional.empty();
        }
        var descriptor = element.descriptorString();
        return Optional.of(names.text(descriptor.substring(1, descriptor.length() - 1)));
    }
}
