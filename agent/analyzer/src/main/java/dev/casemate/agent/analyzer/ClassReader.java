package dev.casemate.agent.analyzer;

import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Reads one class file into facts.
final class ClassReader {

    private static final ClassFile FORMAT =
            ClassFile.of(
                    ClassFile.DebugElementsOption.DROP_DEBUG,
                    ClassFile.LineNumbersOption.DROP_LINE_NUMBERS);

    /// What marks a tool: the SDK's annotation, which this module must not see.
    private static final String TOOL = "Ldev/casemate/agent/sdk/Tool;";

    private ClassReader() {}

    /// A class of the application, with the code of its methods.
    ///
    /// @throws IllegalArgumentException or another unchecked exception for bytes that are no class
    static TypeFacts shipped(byte[] bytes, Runtime.Version java, Names names) {
        var model = FORMAT.parse(bytes);
        int newest =
                Math.min(
                        ClassFile.latestMajorVersion(),
                        ClassFile.JAVA_1_VERSION - 1 + java.feature());
        if (model.majorVersion() > newest) {
            throw new IllegalArgumentException("a class file version newer than its Java");
        }
        return read(model, true, names);
    }

    /// A class of the JDK: its hierarchy and the names of its methods.
    ///
    /// @param sealed whether to look for methods that were cut down to refusing
    static TypeFacts platform(byte[] bytes, boolean sealed, Names names) {
        var model = FORMAT.parse(bytes);
        var type = read(model, false, names);
        return sealed ? CutMethods.mark(type, model) : type;
    }

    private static TypeFacts read(ClassModel model, boolean shipped, Names names) {
        var name = names.text(model.thisClass().asInternalName());
        var methods = new LinkedHashMap<String, MethodFacts>();
        for (var method : model.methods()) {
            var facts = read(name, method, shipped, names);
            if (methods.put(facts.id().signature(), facts) != null) {
                throw new IllegalArgumentException("a method declared twice");
            }
        }
        return new TypeFacts(
                name,
                model.flags().flagsMask(),
                parents(model, names),
                Collections.unmodifiableMap(methods),
                shipped);
    }

    private static List<String> parents(ClassModel model, Names names) {
        var parents = new ArrayList<String>();
        model.superclass().map(type -> names.text(type.asInternalName())).ifPresent(parents::add);
        model.interfaces().forEach(type -> parents.add(names.text(type.asInternalName())));
        return List.copyOf(parents);
    }

    private static MethodFacts read(
            String owner, MethodModel method, boolean withCode, Names names) {
        var id =
                names.method(
                        owner,
                        method.methodName().stringValue(),
                        method.methodTypeSymbol().descriptorString());
        var code =
                withCode
                        ? method.code()
                                .map(body -> CodeReader.read(body, names))
                                .orElse(MethodFacts.Code.NONE)
                        : MethodFacts.Code.NONE;
        return new MethodFacts(id, method.flags().flagsMask(), code, false, tool(method));
    }

    private static Optional<String> tool(MethodModel method) {
        return method.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .filter(annotation -> annotation.className().equalsString(TOOL))
                .flatMap(annotation -> annotation.elements().stream())
                .filter(element -> element.name().equalsString("name"))
                .map(element -> ((AnnotationValue.OfString) element.value()).stringValue())
                .findFirst();
    }
}
