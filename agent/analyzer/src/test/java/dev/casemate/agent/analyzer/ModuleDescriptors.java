package dev.casemate.agent.analyzer;

import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.classfile.attribute.ModulePackagesAttribute;
import java.lang.classfile.attribute.ModuleProvideInfo;
import java.lang.classfile.attribute.ModuleRequireInfo;
import java.lang.constant.ClassDesc;
import java.lang.constant.ModuleDesc;
import java.lang.constant.PackageDesc;
import java.util.List;

/// Module descriptors that javac would not write.
final class ModuleDescriptors {

    private ModuleDescriptors() {}

    static byte[] bytes(
            String name, String service, List<String> providers, List<String> packages) {
        var module =
                ModuleAttribute.of(
                        ModuleDesc.of(name),
                        builder ->
                                builder.requires(
                                                ModuleRequireInfo.of(
                                                        ModuleDesc.of("java.base"), 0x8000, null))
                                        .provides(
                                                ModuleProvideInfo.of(
                                                        ClassDesc.of(service),
                                                        providers.stream()
                                                                .map(ClassDesc::of)
                                                                .toList())));
        return ClassFile.of()
                .buildModule(
                        module,
                        type ->
                                type.with(
                                        ModulePackagesAttribute.ofNames(
                                                packages.stream().map(PackageDesc::of).toList())));
    }
}
