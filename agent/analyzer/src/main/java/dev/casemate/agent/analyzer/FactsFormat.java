package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.JarReader.Jar;
import dev.casemate.agent.analyzer.MethodFacts.Call;
import dev.casemate.agent.analyzer.MethodFacts.Code;
import dev.casemate.manifest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Facts as bytes, for a cache of one machine: a table of texts, one of methods, and numbers that
/// point into them. No form for exchange; whoever changes it needs no version, see [FactsCache].
final class FactsFormat {

    private FactsFormat() {}

    /// @param jarName what the names of the origins begin with; it is left out
    static byte[] write(List<Jar> jars, String jarName) throws IOException {
        var out = new Writer();
        out.number(jars.size());
        for (var jar : jars) {
            out.text(jar.origin().name().substring(jarName.length()));
            out.text(jar.origin().digest().value());
            out.number(jar.origin().classes());
            out.number(jar.types().size());
            for (var type : jar.types()) {
                out.type(type);
            }
            out.number(jar.services().size());
            for (var service : new TreeMap<>(jar.services()).entrySet()) {
                out.text(service.getKey());
                out.texts(service.getValue());
            }
        }
        return out.bytes();
    }

    static List<Jar> read(byte[] bytes, String jarName) throws IOException {
        var in = new Reader(bytes);
        var jars = new ArrayList<Jar>();
        for (int left = in.number(); left > 0; left--) {
            var name = jarName + in.text();
            var digest = new Digest(in.text());
            int classes = in.number();
            var types = new ArrayList<TypeFacts>();
            for (int more = in.number(); more > 0; more--) {
                types.add(in.type());
            }
            var services = new TreeMap<String, List<String>>();
            for (int more = in.number(); more > 0; more--) {
                services.put(in.text(), in.texts());
            }
            jars.add(new Jar(new Origin(name, digest, classes), types, services));
        }
        return jars;
    }

    private static final class Writer {
        private final Map<String, Integer> texts = new LinkedHashMap<>();
        private final Map<MethodId, Integer> methods = new LinkedHashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(body);

        void number(int number) throws IOException {
            out.writeInt(number);
        }

        private int place(String text) {
            var place = texts.putIfAbsent(text, texts.size());
            return place == null ? texts.size() - 1 : place;
        }

        void text(String text) throws IOException {
            number(place(text));
        }

        void texts(List<String> list) throws IOException {
            number(list.size());
            for (var text : list) {
                text(text);
            }
        }

        private void method(MethodId method) throws IOException {
            place(method.owner());
            place(method.signature());
            var place = methods.putIfAbsent(method, methods.size());
            number(place == null ? methods.size() - 1 : place);
        }

        private void calls(List<Call> calls) throws IOException {
            number(calls.size());
            for (var call : calls) {
                method(call.target());
                out.writeBoolean(call.virtual());
            }
        }

        void type(TypeFacts type) throws IOException {
            text(type.name());
            number(type.modifiers());
            texts(type.parents());
            number(type.methods().size());
            for (var method : type.methods().values()) {
                method(method.id());
                number(method.modifiers());
                calls(method.code().calls());
                calls(method.code().handles());
                texts(method.code().instantiated());
                texts(method.code().touched());
                texts(method.code().texts());
                texts(method.code().literals());
                texts(method.tool().stream().toList());
            }
        }

        byte[] bytes() throws IOException {
            var bytes = new ByteArrayOutputStream();
            var tables = new DataOutputStream(bytes);
            tables.writeInt(texts.size());
            for (var text : texts.keySet()) {
                tables.writeUTF(text);
            }
            tables.writeInt(methods.size());
            for (var method : methods.keySet()) {
                tables.writeInt(place(method.owner()));
                tables.writeInt(place(method.signature()));
            }
            body.writeTo(bytes);
            return bytes.toByteArray();
        }
    }

    private static final class Reader {
        private final DataInputStream in;
        private final String[] texts;
        private final MethodId[] methods;
        private final Names names = new Names();

        Reader(byte[] bytes) throws IOException {
            in = new DataInputStream(new ByteArrayInputStream(bytes));
            texts = new String[in.readInt()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = in.readUTF();
            }
            methods = new MethodId[in.readInt()];
            for (int i = 0; i < methods.length; i++) {
                methods[i] = new MethodId(text(), text());
            }
        }

        int number() throws IOException {
            return in.readInt();
        }

        String text() throws IOException {
            return texts[in.readInt()];
        }

        List<String> texts() throws IOException {
            var list = new String[in.readInt()];
            for (int i = 0; i < list.length; i++) {
                list[i] = text();
            }
            return List.of(list);
        }

        private List<Call> calls() throws IOException {
            var calls = new Call[in.readInt()];
            for (int i = 0; i < calls.length; i++) {
                calls[i] = names.call(methods[in.readInt()], in.readBoolean());
            }
            return List.of(calls);
        }

        TypeFacts type() throws IOException {
            var name = text();
            int modifiers = number();
            var parents = texts();
            var facts = new LinkedHashMap<String, MethodFacts>();
            for (int more = number(); more > 0; more--) {
                var method = method();
                facts.put(method.id().signature(), method);
            }
            return new TypeFacts(
                    name, modifiers, parents, Collections.unmodifiableMap(facts), true);
        }

        private MethodFacts method() throws IOException {
            var id = methods[number()];
            int modifiers = number();
            var code = new Code(calls(), calls(), texts(), texts(), texts(), texts());
            Optional<String> tool = texts().stream().findFirst();
            return new MethodFacts(id, modifiers, code, false, tool);
        }
    }
}
