package dev.casemate.agent.processor;

import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/// Whether the generated class may name a type.
///
/// @param home the package of the generated class
record Access(Elements elements, PackageElement home) {

    boolean reaches(TypeElement type) {
        var modifiers = type.getModifiers();
        var around = type.getEnclosingElement();
        boolean open =
                modifiers.contains(Modifier.PUBLIC)
                        || home.equals(elements.getPackageOf(type))
                        || (around != null && around.getKind().isInterface());
        if (modifiers.contains(Modifier.PRIVATE) || !open) {
            return false;
        }
        // A class inside a method has no name at all.
        return around instanceof PackageElement
                || (around instanceof TypeElement outer && reaches(outer));
    }
}
