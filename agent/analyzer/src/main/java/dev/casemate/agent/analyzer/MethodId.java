package dev.casemate.agent.analyzer;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.stream.Collectors;

/// A method by name.
///
/// @param owner internal name of the class, with slashes
/// @param descriptor of parameters and result, as in class files
record MethodId(String owner, String name, String descriptor) implements Comparable<MethodId> {

    static final String INITIALISER = "<clinit>";
    static final String CONSTRUCTOR = "<init>";

    /// What tells methods of one class apart.
    String signature() {
        return name + descriptor;
    }

    MethodId in(String type) {
        return new MethodId(type, name, descriptor);
    }

    boolean isConstructor() {
        return name.equals(CONSTRUCTOR);
    }

    /// For people: `com.example.Prices.fetch(String)`.
    String display() {
        var parameters =
                MethodTypeDesc.ofDescriptor(descriptor).parameterList().stream()
                        .map(ClassDesc::displayName)
                        .collect(Collectors.joining(", ", "(", ")"));
        return owner.replace('/', '.') + "." + name + parameters;
    }

    @Override
    public int compareTo(MethodId other) {
        return (owner + " " + signature()).compareTo(other.owner + " " + other.signature());
    }
}
