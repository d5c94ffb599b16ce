package dev.casemate.container.launch.probe;

import dev.casemate.container.launch.probe.Attempt.Kind;
import java.io.FileNotFoundException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Ways to run code that was not in the image: native functions, libraries, new classes.
final class CodeAttempts {

    private static final String SPARE = "dev.casemate.container.launch.probe.Spare";

    private CodeAttempts() {}

    static List<Attempt> all() {
        return List.of(
                new Attempt("call system() of the C library", Kind.NATIVE, CodeAttempts::system),
                new Attempt("load a library of /tmp", Kind.NATIVE, CodeAttempts::loadLibrary),
                new Attempt("define a class with a loader", Kind.CODE, CodeAttempts::ownLoader),
                new Attempt(
                        "define a class with URLClassLoader", Kind.CODE, CodeAttempts::urlLoader),
                new Attempt("define a class with Lookup", Kind.CODE, CodeAttempts::lookup),
                new Attempt("define a hidden class", Kind.CODE, CodeAttempts::hidden));
    }

    private static String system() throws Throwable {
        var linkers = Class.forName("java.lang.foreign.Linker");
        var lookups = Class.forName("java.lang.foreign.SymbolLookup");
        var functions = Class.forName("java.lang.foreign.FunctionDescriptor");
        var options = Class.forName("java.lang.foreign.Linker$Option");
        var linker = linkers.getMethod("nativeLinker").invoke(null);
        var lookup = linkers.getMethod("defaultLookup").invoke(linker);
        var symbol = (Optional<?>) lookups.getMethod("find", String.class).invoke(lookup, "system");
        var shape =
                functions
                        .getMethod("of", MemoryLayout.class, MemoryLayout[].class)
                        .invoke(
                                null,
                                ValueLayout.JAVA_INT,
                                new MemoryLayout[] {ValueLayout.ADDRESS});
        var none = Array.newInstance(options, 0);
        var call =
                (MethodHandle)
                        linkers.getMethod(
                                        "downcallHandle",
                                        MemorySegment.class,
                                        functions,
                                        none.getClass())
                                .invoke(linker, symbol.orElseThrow(), shape, none);
        try (var arena = Arena.ofConfined()) {
            return "it returned " + call.invokeWithArguments(arena.allocateFrom("exit 0"));
        }
    }

    private static String loadLibrary() throws Throwable {
        var copy = Path.of("/tmp", "probe-library.so");
        var original = Path.of(System.getProperty("java.home", "/opt/java"), "lib", "libjimage.so");
        try {
            Files.write(copy, Files.readAllBytes(original));
            System.class.getMethod("load", String.class).invoke(null, copy.toString());
            return "loaded";
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static byte[] spare() throws Throwable {
        try (var stream = CodeAttempts.class.getResourceAsStream("Spare.class")) {
            if (stream == null) {
                throw new FileNotFoundException("Spare.class");
            }
            return stream.readAllBytes();
        }
    }

    private static String ownLoader() throws Throwable {
        return "defined by " + new Definer().define(spare());
    }

    private static String urlLoader() throws Throwable {
        var type = Class.forName("java.net.URLClassLoader");
        var nowhere = new URL[] {URI.create("file:/tmp/").toURL()};
        try (var loader =
                (AutoCloseable) type.getConstructor(URL[].class).newInstance((Object) nowhere)) {
            return "made " + loader.getClass().getSimpleName();
        }
    }

    private static String lookup() throws Throwable {
        return "defined " + MethodHandles.lookup().defineClass(spare()).getSimpleName();
    }

    private static String hidden() throws Throwable {
        var defined = MethodHandles.lookup().defineHiddenClass(spare(), false).lookupClass();
        return "defined hidden " + defined.isHidden();
    }

    private static final class Definer extends ClassLoader {

        String define(byte[] bytes) {
            return String.valueOf(
                    defineClass(SPARE, bytes, 0, bytes.length).getClassLoader().getClass());
        }
    }
}
