package dev.casemate.container.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.RandomAccessFile;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.module.ModuleFinder;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;

/// What hostile code would try inside the runtime. Runs there, not in the test's JVM; prints a line
/// for each attempt: its name, `held` or `succeeded`, and by what it was held.
final class AttackProgram {

    private interface Attempt {
        void run() throws Throwable;
    }

    private AttackProgram() {}

    public static void main(String[] arguments) {
        attempts()
                .forEach((name, attempt) -> {
                    try {
                        attempt.run();
                        System.out.println(name + " succeeded");
                    } catch (Throwable e) {
                        System.out.println(name + " held " + e.getClass().getSimpleName());
                    }
                });
    }

    @SuppressWarnings("restricted") // the attack
    private static Map<String, Attempt> attempts() {
        var attempts = new LinkedHashMap<String, Attempt>();
        attempts.put("process-builder", () -> new ProcessBuilder("/bin/true").start().waitFor());
        attempts.put("runtime-exec", () -> Runtime.getRuntime().exec(new String[] {"/bin/true"}));
        attempts.put("process-handle", () -> ProcessHandle.current().pid());
        attempts.put("environment", AttackProgram::readEnvironment);
        attempts.put("system-by-linker", AttackProgram::callSystem);
        attempts.put("any-address", AttackProgram::readAnyAddress);
        attempts.put("load-by-path", () -> System.load(library()));
        attempts.put("load-by-path-2", () -> Runtime.getRuntime().load(library()));
        attempts.put("load-by-name", () -> System.loadLibrary("verify"));
        attempts.put("class-loader", () -> new Loader().define(newClass("First")));
        attempts.put("url-class-loader", AttackProgram::openUrlClassLoader);
        attempts.put("module-layer", AttackProgram::defineModuleLayer);
        attempts.put("define-class", () -> MethodHandles.lookup().defineClass(newClass("Second")));
        attempts.put("hidden-class", AttackProgram::defineHiddenClass);
        attempts.put("hidden-class-with-data", AttackProgram::defineHiddenClassWithData);
        attempts.put("server-socket", () -> new ServerSocket(0).close());
        attempts.put("server-channel", () -> ServerSocketChannel.open().close());
        attempts.put("datagram-socket", () -> new DatagramSocket().close());
        attempts.put("datagram-channel", () -> DatagramChannel.open().close());
        attempts.put("second-http-client", AttackProgram::openHttpUrl);
        attempts.put("own-memory", () -> new RandomAccessFile("/proc/self/mem", "rw").close());
        attempts.put("deserialise", AttackProgram::deserialise);
        return attempts;
    }

    private static void readEnvironment() throws IOException {
        if (System.getenv().isEmpty() && System.getenv("LC_ALL") == null) {
            throw new IOException("no environment");
        }
    }

    private static String library() {
        return Path.of(System.getProperty("java.home"), "lib", "libverify.so").toString();
    }

    @SuppressWarnings("restricted") // the attack
    private static void callSystem() throws Throwable {
        var linker = Linker.nativeLinker();
        var system =
                linker.downcallHandle(
                        linker.defaultLookup().find("system").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (var arena = Arena.ofConfined()) {
            int code = (int) system.invokeExact(arena.allocateFrom("true"));
            if (code != 0) {
                throw new IOException("no shell");
            }
        }
    }

    @SuppressWarnings("restricted") // the attack
    private static void readAnyAddress() {
        try (var arena = Arena.ofConfined()) {
            long address = arena.allocate(8).address();
            MemorySegment.ofAddress(address).reinterpret(8).get(ValueLayout.JAVA_LONG, 0);
        }
    }

    private static byte[] newClass(String name) {
        var description =
                ClassDesc.of(AttackProgram.class.getPackageName(), name + System.nanoTime());
        return ClassFile.of().build(description, builder -> {});
    }

    private static final class Loader extends ClassLoader {
        Class<?> define(byte[] bytes) {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }

    private static void openUrlClassLoader() throws IOException {
        new URLClassLoader(new URL[] {Path.of("/tmp/").toUri().toURL()}).close();
    }

    private static void defineModuleLayer() throws IOException {
        var jar = Files.createTempFile("late", ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("late/Late.class"));
            out.write(ClassFile.of().build(ClassDesc.of("late.Late"), builder -> {}));
        }
        var boot = ModuleLayer.boot();
        var finder = ModuleFinder.of(jar);
        var names =
                finder.findAll().stream()
                        .map(reference -> reference.descriptor().name())
                        .collect(Collectors.toSet());
        var configuration = boot.configuration().resolve(finder, ModuleFinder.of(), names);
        boot.defineModulesWithOneLoader(configuration, null);
        Files.delete(jar);
    }

    private static void defineHiddenClass() throws IllegalAccessException {
        MethodHandles.lookup().defineHiddenClass(newClass("Third"), false);
    }

    private static void defineHiddenClassWithData() throws IllegalAccessException {
        MethodHandles.lookup().defineHiddenClassWithClassData(newClass("Fourth"), List.of(), false);
    }

    private static void openHttpUrl() throws IOException {
        URI.create("http://127.0.0.1:1/").toURL().openConnection();
    }

    private static void deserialise() throws IOException, ClassNotFoundException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ArrayList<>(List.of("a")));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            in.readObject();
        }
    }
}
