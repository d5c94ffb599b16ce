package dev.casemate.agent.analyzer;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;

/// What the analysis keeps of one method. Order is the order of the code.
///
/// @param modifiers as [Modifier] spells them
/// @param code empty for methods without code, and for all of the JDK's
/// @param cut whether it is a method of the JDK that only refuses, or answers nothing
/// @param tool what the model calls it, if the method is a tool of an agent
record MethodFacts(MethodId id, int modifiers, Code code, boolean cut, Optional<String> tool) {

    /// A call or a reference to a method.
    ///
    /// @param virtual whether the run-time type of the receiver chooses the target
    record Call(MethodId target, boolean virtual) {}

    /// Each once, in the order of the code.
    ///
    /// @param calls call instructions, and the bootstrap methods of call sites
    /// @param handles method handle constants: lambda bodies and method references
    /// @param instantiated types that it creates: by `new`, or as the type of a function
    /// @param touched types whose static fields it uses
    /// @param texts string constants
    /// @param literals class constants
    record Code(
            List<Call> calls,
            List<Call> handles,
            List<String> instantiated,
            List<String> touched,
            List<String> texts,
            List<String> literals) {

        static final Code NONE =
                new Code(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

        Code calling(Call call) {
            return new Code(List.of(call), handles, instantiated, touched, texts, literals);
        }
    }

    MethodFacts asCut() {
        return new MethodFacts(id, modifiers, code, true, tool);
    }

    boolean isAbstract() {
        return Modifier.isAbstract(modifiers);
    }

    boolean isNative() {
        return Modifier.isNative(modifiers);
    }

    boolean isPrivate() {
        return Modifier.isPrivate(modifiers);
    }

    /// Whether code of other packages can call it or, in a subclass, inherits it.
    boolean isPublic() {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    boolean isStatic() {
        return Modifier.isStatic(modifiers);
    }

    /// Whether a subclass can replace it.
    boolean isOverridable() {
        return !isStatic()
                && !isPrivate()
                && !Modifier.isFinal(modifiers)
                && !id.isConstructor()
                && !id.signature().startsWith(MethodId.INITIALISER);
    }
}
