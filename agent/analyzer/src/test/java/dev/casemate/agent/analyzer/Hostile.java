package dev.casemate.agent.analyzer;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A jar with the worst names that a class file can hold: what markup, terminals and readers of
/// JSON trip over.
final class Hostile {

    private static final String TYPE = "app/Ma\"in\\\n&lt{0}](x)\u202e\u00e9\ud83d\ude00";
    private static final String METHOD = "r\"\\N\\lun\\\u001b\r\ud800{1}-->";

    private Hostile() {}

    static Report report(Path directory) throws IOException {
        var bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.ofInternalName(TYPE),
                                type ->
                                        type.withMethodBody(
                                                METHOD,
                                                MethodTypeDesc.of(ConstantDescs.CD_void),
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                code ->
                                                        code.iconst_0()
                                                                .invokestatic(
                                                                        ClassDesc.of(
                                                                                "java.lang.System"),
                                                                        "exit",
                                                                        MethodTypeDesc.ofDescriptor(
                                                                                "(I)V"))
                                                                .return_()));
        var jar =
                Fixture.pack(
                        directory.resolve("ho\"st\\ile &#38; %41 \u00fc](x) {2}.jar"),
                        Map.of(TYPE + ".class", bytes));
        return Analyzer.analyze(List.of(jar), List.of(Root.every(TYPE.replace('/', '.'))));
    }
}
