package dev.casemate.agent.analyzer;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.LinkedHashMap;

/// Finds the methods of a sealed runtime that kept their name and lost their power: straight code
/// that throws an exception, or answers null or an empty map, and no subclass can have another.
final class CutMethods {

    private CutMethods() {}

    static TypeFacts mark(TypeFacts type, ClassModel model) {
        boolean closed = Modifier.isFinal(type.modifiers()) || hasNoSubclasses(type);
        var methods = new LinkedHashMap<String, MethodFacts>();
        for (var method : model.methods()) {
            var signature = method.methodName().stringValue() + method.methodType().stringValue();
            var facts = type.methods().get(signature);
            if (facts != null) {
                boolean fixed = closed || !facts.isOverridable();
                methods.put(signature, fixed && isCut(method) ? facts.asCut() : facts);
            }
        }
        return new TypeFacts(
                type.name(),
                type.modifiers(),
                type.parents(),
                Collections.unmodifiableMap(methods),
                type.shipped());
    }

    private static boolean hasNoSubclasses(TypeFacts type) {
        return !type.isInterface()
                && type.methods().values().stream()
                        .filter(method -> method.id().isConstructor())
                        .allMatch(MethodFacts::isPrivate);
    }

    private static boolean isCut(MethodModel method) {
        return !method.methodName().equalsString(MethodId.CONSTRUCTOR)
                && method.code().filter(CutMethods::isPowerless).isPresent();
    }

    private static boolean isPowerless(CodeModel code) {
        boolean ends = false;
        for (var element : code) {
            if (element instanceof Instruction instruction) {
                if (!isHarmless(instruction)) {
                    return false;
                }
                ends = instruction instanceof ThrowInstruction || isEmptyAnswer(instruction);
            }
        }
        return ends;
    }

    private static boolean isHarmless(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction _,
                    StackInstruction _,
                    ConstantInstruction _,
                    ThrowInstruction _,
                    ReturnInstruction _ ->
                    true;
            case InvokeInstruction call -> isException(call) || isEmptyMap(call);
            default -> false;
        };
    }

    private static boolean isEmptyAnswer(Instruction instruction) {
        return instruction.opcode() == Opcode.ARETURN;
    }

    private static boolean isException(InvokeInstruction call) {
        var owner = call.owner().asInternalName();
        return call.name().equalsString(MethodId.CONSTRUCTOR)
                && (owner.endsWith("Exception") || owner.endsWith("Error"));
    }

    private static boolean isEmptyMap(InvokeInstruction call) {
        return call.owner().asInternalName().equals("java/util/Map")
                && call.name().equalsString("of")
                && call.type().equalsString("()Ljava/util/Map;");
    }
}
