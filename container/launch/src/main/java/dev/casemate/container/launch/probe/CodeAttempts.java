package dev.casemate.container.launch.probe;

import dev.casemate.container.launch.probe.Attempt.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
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
                new Attempt("define a hidden class", Kind.CODE, CodeAttempts::hidden),
                new Attempt("open the inside of the JDK", Kind.CODE, CodeAttempts::inside),
                new Attempt("take sun.misc.Unsafe", Kind.CODE, CodeAttempts::unsafe),
                new Attempt("read an object from bytes", Kind.CODE, CodeAttempts::deserialize),
                new Attempt("compile a program", Kind.CODE, CodeAttempts::compiler),
                new Attempt("attach to a virtual machine", Kind.CODE, CodeAttempts::attach),
                new Attempt("take a heap dump", Kind.CODE, CodeAttempts::heapDump),
                new Attempt("look a name up in a directory", Kind.CODE, CodeAttempts::directory),
                new Attempt("listen for HTTP", Kind.CODE, CodeAttempts::httpServer),
                new Attempt("record what runs", Kind.CODE, CodeAttempts::recorder),
                new Attempt("take memory off the heap", Kind.NATIVE, CodeAttempts::memory));
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

    private static String inside() throws Throwable {
        var field = String.class.getDeclaredField("value");
        field.setAccessible(true);
        return "opened " + field.getName();
    }

    private static String unsafe() throws Throwable {
        var type = Class.forName("sun.misc.Unsafe");
        var field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        return "took " + field.get(null);
    }

    private static String deserialize() throws Throwable {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ArrayList<>(List.of("one")));
        }
        var type = Class.forName("java.io.ObjectInputStream");
        var in =
                type.getConstructor(InputStream.class)
                        .newInstance(new ByteArrayInputStream(bytes.toByteArray()));
        return "read " + type.getMethod("readObject").invoke(in);
    }

    private static String compiler() throws Throwable {
        var tools = Class.forName("javax.tools.ToolProvider");
        var compiler = tools.getMethod("getSystemJavaCompiler").invoke(null);
        return "found " + Objects.requireNonNull(compiler).getClass().getName();
    }

    private static String attach() throws Throwable {
        var machines = Class.forName("com.sun.tools.attach.VirtualMachine");
        return "found " + machines.getMethod("list").invoke(null);
    }

    private static String heapDump() throws Throwable {
        var type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
        var factory = Class.forName("java.lang.management.ManagementFactory");
        var bean = factory.getMethod("getPlatformMXBean", Class.class).invoke(null, type);
        var dump = Path.of("/tmp", "probe-heap.hprof");
        try {
            type.getMethod("dumpHeap", String.class, boolean.class)
                    .invoke(bean, dump.toString(), true);
            return "dumped " + Files.size(dump);
        } finally {
            Files.deleteIfExists(dump);
        }
    }

    @SuppressWarnings("JdkObsolete") // What a directory is told, it is told in this form.
    private static String directory() throws Throwable {
        var names = new Hashtable<String, String>();
        names.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        names.put("java.naming.provider.url", "dns://127.0.0.1/");
        var type = Class.forName("javax.naming.directory.InitialDirContext");
        var context = type.getConstructor(Hashtable.class).newInstance(names);
        return "has " + type.getMethod("getEnvironment").invoke(context);
    }

    private static String httpServer() throws Throwable {
        var type = Class.forName("com.sun.net.httpserver.HttpServer");
        var server =
                type.getMethod("create", InetSocketAddress.class, int.class)
                        .invoke(null, new InetSocketAddress(0), 1);
        type.getMethod("stop", int.class).invoke(server, 0);
        return "listening";
    }

    private static String recorder() throws Throwable {
        var type = Class.forName("jdk.jfr.Recording");
        return "made " + type.getConstructor().newInstance();
    }

    private static String memory() throws Throwable {
        try (var arena = Arena.ofConfined()) {
            return "took " + arena.allocate(8).byteSize();
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
