package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/// What the jars of an image hold and refer to, read from every class in them.
///
/// @param jars binary names of the classes of each jar
/// @param packages names of the packages that they refer to, their own among them
/// @param named names of classes that they may link to or look up, with slashes; some are of no
///   class
/// @param manifests every document at [AgentManifest#RESOURCE]
record AgentJars(
        List<Set<String>> jars, Set<String> packages, Set<String> named, List<byte[]> manifests) {

    /// The largest class that is read; the format itself allows little more.
    private static final int MAX_CLASS_BYTES = 16 << 20;

    private static final String CLASS_SUFFIX = ".class";

    AgentJars {
        jars = List.copyOf(jars);
        packages = Collections.unmodifiableSet(new TreeSet<>(packages));
        named = Collections.unmodifiableSet(new TreeSet<>(named));
        manifests = List.copyOf(manifests);
    }

    /// @throws ImageException with code `UNREADABLE_JARS`: a class that cannot be read might need
    ///   anything
    static AgentJars read(List<Path> jars) {
        var jarsClasses = new ArrayList<Set<String>>();
        var packages = new HashSet<String>();
        var named = new HashSet<String>();
        var manifests = new ArrayList<byte[]>();
        for (var path : jars) {
            var classes = new HashSet<String>();
            try (var jar = new JarFile(path.toFile(), false)) {
                for (var entry : Collections.list(jar.entries())) {
                    if (entry.getName().equals(AgentManifest.RESOURCE)) {
                        manifests.add(bytes(jar, entry, AgentManifest.MAX_BYTES));
                    } else if (isClass(entry.getName())) {
                        var bytes = bytes(jar, entry, MAX_CLASS_BYTES);
                        var model = ClassFile.of().parse(bytes);
                        classes.add(model.thisClass().asInternalName().replace('/', '.'));
                        addPackages(model, packages);
                        named.addAll(ClassNames.in(bytes));
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                throw new ImageException(
                        Code.UNREADABLE_JARS,
                        "expected a jar of classes that this JDK can read: " + path.getFileName(),
                        e);
            }
            jarsClasses.add(Collections.unmodifiableSet(classes));
        }
        return new AgentJars(jarsClasses, packages, named, manifests);
    }

    /// The classes of the jar that has this one; empty if none has it.
    Set<String> besides(String name) {
        return jars.stream().filter(classes -> classes.contains(name)).findFirst().orElse(Set.of());
    }

    private static boolean isClass(String name) {
        return name.endsWith(CLASS_SUFFIX) && !name.endsWith("module-info.class");
    }

    private static byte[] bytes(JarFile jar, ZipEntry entry, int limit) throws IOException {
        try (var in = jar.getInputStream(entry)) {
            var bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new IOException("expected at most " + limit + " bytes: " + entry.getName());
            }
            return bytes;
        }
    }

    private static void addPackages(ClassModel model, Set<String> packages) {
        for (var entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> add(type.asSymbol(), packages);
                case MethodTypeEntry type -> add(type.asSymbol(), packages);
                case NameAndTypeEntry member ->
                        addDescriptor(member.type().stringValue(), packages);
                default -> {
                    // Names, numbers and texts refer to nothing by themselves.
                }
            }
        }
        model.fields().forEach(field -> addDescriptor(field.fieldType().stringValue(), packages));
        model.methods()
                .forEach(method -> addDescriptor(method.methodType().stringValue(), packages));
    }

    private static void addDescriptor(String descriptor, Set<String> packages) {
        if (descriptor.startsWith("(")) {
            add(MethodTypeDesc.ofDescriptor(descriptor), packages);
        } else {
            add(ClassDesc.ofDescriptor(descriptor), packages);
        }
    }

    private static void add(MethodTypeDesc method, Set<String> packages) {
        add(method.returnType(), packages);
        method.parameterList().forEach(parameter -> add(parameter, packages));
    }

    private static void add(ClassDesc type, Set<String> packages) {
        var element = type;
        while (element.isArray()) {
            element = element.componentType();
        }
        if (!element.isPrimitive()) {
            packages.add(element.packageName());
        }
    }
}
