package dev.casemate.agent.analyzer;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.stream.Collectors;

/// A method by name.
///
/// @param owner internal name of the class, with slashes
/// @param signature what tells methods of one class apart: the name, and the descriptor of
///   parameters and result as in class files
record MethodId(String owner, String signature) implements Comparable<MethodId> {

    static final String INITIALISER = "<clinit>";
    static final String CONSTRUCTOR = "<init>";

    MethodId(String owner, String name, String descriptor) {
        this(owner, name + descriptor);
    }

    String name() {
        return signature.substring(0, signature.indexOf('('));
    }

    String descriptor() {
        return signature.substring(signature.indexOf('('));
    }

    MethodId in(String type) {
        return new MethodId(type, signature);
    }

    boolean isConstructor() {
        return signature.startsWith(CONSTRUCTOR);
    }

    /// For people: `com.example.Prices.fetch(String)`.
    String display() {
        var parameters =
                MethodTypeDesc.ofDescriptor(descriptor()).parameterList().stream()
                        .map(ClassDesc::displayName)
                        .collect(Collectors.joining(", ", "(", ")"));
        return owner.replace('/', '.') + "." + name() + parameters;
    }

    @Override
    public int compareTo(MethodId other) {
        return (owner + " " + signature).compareTo(other.owner + " " + other.signature);
    }
}
