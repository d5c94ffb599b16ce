package dev.casemate.container.image;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// The classes that one class names: whatever it may link to, and texts that look like names,
/// because classes are found by them as well.
///
/// Runs in the JVM that links, too, and so knows the JDK alone.
final class ClassNames {

    private static final int MAX_NAME_CHARS = 300;
    private static final Pattern NAME = Pattern.compile("[\\w$]+([./][\\w$]+)+");
    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");

    private ClassNames() {}

    /// Names with slashes; some are of no class.
    static Set<String> in(byte[] classFile) {
        var names = new HashSet<String>();
        for (var entry : ClassFile.of().parse(classFile).constantPool()) {
            switch (entry) {
                case ClassEntry type -> addType(type.asInternalName(), names);
                case StringEntry text -> addText(text.stringValue(), names);
                case Utf8Entry text -> addDescriptor(text.stringValue(), names);
                default -> {
                    // Numbers name nothing; members are named by entries of these kinds.
                }
            }
        }
        return names;
    }

    private static void addType(String name, Set<String> names) {
        if (name.startsWith("[")) {
            addDescriptor(name, names);
        } else {
            names.add(name);
        }
    }

    private static void addText(String text, Set<String> names) {
        if (text.length() <= MAX_NAME_CHARS && NAME.matcher(text).matches()) {
            names.add(text.replace('.', '/'));
        }
    }

    private static void addDescriptor(String text, Set<String> names) {
        if (text.startsWith("(") || text.startsWith("L") || text.startsWith("[")) {
            var found = IN_DESCRIPTOR.matcher(text);
            while (found.find()) {
                names.add(found.group(1));
            }
        }
    }
}
