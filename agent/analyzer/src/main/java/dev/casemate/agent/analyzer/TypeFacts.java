package dev.casemate.agent.analyzer;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;

/// What the analysis keeps of one class or interface.
///
/// @param name internal name
/// @param parents the superclass first (of an interface, and of all but `Object`, there is one),
///   then the interfaces
/// @param methods by signature, in the order of the class file
/// @param shipped whether it came in a jar; the rest is the JDK's
record TypeFacts(
        String name,
        int modifiers,
        List<String> parents,
        Map<String, MethodFacts> methods,
        boolean shipped) {

    static final String OBJECT = "java/lang/Object";

    boolean isPublic() {
        return Modifier.isPublic(modifiers);
    }

    boolean isInterface() {
        return Modifier.isInterface(modifiers);
    }

    boolean isConcrete() {
        return !Modifier.isInterface(modifiers) && !Modifier.isAbstract(modifiers);
    }

    String packageName() {
        return packageOf(name);
    }

    /// The package of an internal name, with dots.
    static String packageOf(String internalName) {
        int slash = internalName.lastIndexOf('/');
        return slash < 0 ? "" : internalName.substring(0, slash).replace('/', '.');
    }
}
