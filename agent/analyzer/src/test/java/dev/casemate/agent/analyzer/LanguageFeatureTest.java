package dev.casemate.agent.analyzer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One fixture for each way in which Java code leads to other code.
final class LanguageFeatureTest {

    private static final String START = "java.lang.ProcessBuilder.start()";

    // Runs a process when asked; each fixture asks in another way.
    private static final String SHELL =
            """
            package app;
            public class Shell {
                public static void run() {
                    try { new ProcessBuilder("sh").start(); } catch (java.io.IOException e) {}
                }
            }
            """;

    @TempDir Path directory;

    private Report analyze(String... sources) {
        return analyze(new Fixture(directory).jar(sources));
    }

    private static Report analyze(Fixture fixture) {
        return Analyzer.analyze(fixture.classPath(), List.of(Root.main("app.Main")));
    }

    private static List<String> path(Report report, Capability capability) {
        var witness = report.capabilities().get(capability);
        assertThat(witness).as(report.text()).isNotNull();
        return witness == null ? List.of() : witness.steps().stream().map(Step::method).toList();
    }

    private static String main(String body) {
        return """
        package app;
        public class Main {
            public static void main(String[] args) throws Throwable {
                %s
            }
        }
        """
                .formatted(body);
    }

    @Test
    void aDirectCallIsFoundWithItsPath() {
        var report = analyze(SHELL, main("Shell.run();"));
        assertThat(path(report, Capability.EXEC).getFirst()).isEqualTo("app.Main.main(String[])");
        assertThat(path(report, Capability.EXEC)).contains("app.Shell.run()").hasSize(3);
    }

    @Test
    void codeThatNothingCallsCountsForNothing() {
        var report = analyze(SHELL, main("System.out.println(String.format(\"%d\", 1));"));
        assertThat(report.capabilities()).as(report.text()).isEmpty();
        assertThat(report.text()).contains("No path found to: exec,");
    }

    @Test
    void theBodyOfALambdaCountsWhereTheLambdaIsMade() {
        var report = analyze(SHELL, main("Runnable r = () -> Shell.run(); r.run();"));
        assertThat(path(report, Capability.EXEC)).contains("app.Shell.run()");
    }

    @Test
    void aMethodReferenceCountsWhereItIsMade() {
        var report = analyze(SHELL, main("Runnable r = Shell::run; System.out.println(r);"));
        assertThat(path(report, Capability.EXEC)).contains("app.Shell.run()").hasSize(3);
    }

    @Test
    void aMethodReferenceStraightIntoTheJdkIsJudged() {
        var report =
                analyze(
                        """
                        package app;
                        public class Main {
                            interface Starter { Process go(ProcessBuilder b) throws Exception; }
                            public static void main(String[] args) {
                                Starter s = ProcessBuilder::start;
                            }
                        }
                        """);
        assertThat(path(report, Capability.EXEC)).endsWith(START);
    }

    @Test
    void aConstructorReferenceMakesInstances() {
        var report =
                analyze(
                        SHELL,
                        """
                        package app;
                        public class Task implements Runnable {
                            public void run() { Shell.run(); }
                        }
                        """,
                        main(
                                "java.util.function.Supplier<Runnable> s = Task::new;"
                                        + " s.get().run();"));
        assertThat(path(report, Capability.EXEC)).contains("app.Task.run()");
    }

    @Test
    void interfaceDispatchReachesOnlyWhatIsInstantiated() {
        var parts =
                new String[] {
                    SHELL,
                    "package app; public interface Part { void act(); }",
                    "package app; public class Good implements Part { public void act() {} }",
                    "package app; public class Bad implements Part"
                            + " { public void act() { Shell.run(); } }"
                };
        var good = analyze(concat(parts, main("Part p = new Good(); p.act();")));
        assertThat(good.capabilities()).as(good.text()).isEmpty();
        var bad =
                analyze(
                        concat(
                                parts,
                                main(
                                        "Part p = args.length > 0 ? new Good() : new Bad();"
                                                + " p.act();")));
        assertThat(path(bad, Capability.EXEC)).contains("app.Bad.act()");
    }

    @Test
    void aMethodInheritedFromASuperclassIsFollowed() {
        var report =
                analyze(
                        SHELL,
                        "package app; class Base { void act() { Shell.run(); } }",
                        "package app; class Derived extends Base { }",
                        main("new Derived().act();"));
        assertThat(path(report, Capability.EXEC)).contains("app.Base.act()");
    }

    @Test
    void theDefaultMethodOfALambdasInterfaceIsFollowed() {
        var report =
                analyze(
                        SHELL,
                        """
                        package app;
                        interface Part {
                            void act();
                            default void also() { Shell.run(); }
                        }
                        """,
                        main("Part p = () -> {}; p.also();"));
        assertThat(path(report, Capability.EXEC)).contains("app.Part.also()");
    }

    @Test
    void aStaticInitialiserRunsWithTheFirstUse() {
        var report =
                analyze(
                        SHELL,
                        "package app; class Settings { static int size; static { Shell.run(); } }",
                        main("Settings.size++;"));
        assertThat(path(report, Capability.EXEC)).contains("app.Settings.<clinit>()");
    }

    @Test
    void anOverrideOfAJdkMethodMayBeCalledByTheJdk() {
        var report =
                analyze(
                        SHELL,
                        """
                        package app;
                        class Name {
                            @Override public String toString() { Shell.run(); return ""; }
                        }
                        """,
                        main("System.out.println(new Name());"));
        assertThat(path(report, Capability.EXEC)).contains("app.Name.toString()");
    }

    @Test
    void aServiceProviderIsFollowedOnceServicesAreLoaded() {
        var provider =
                """
                package lib;
                public class Provider implements app.Service {
                    public void act() {
                        try { new ProcessBuilder("sh").start(); } catch (Exception e) {}
                    }
                }
                """;
        var services = Map.of("META-INF/services/app.Service", "lib.Provider # the one\n");
        var service = "package app; public interface Service { void act(); }";
        var loads = main("for (var s : java.util.ServiceLoader.load(Service.class)) { s.act(); }");
        var report =
                analyze(new Fixture(directory).jar(service).jar(services, provider).jar(loads));
        assertThat(path(report, Capability.EXEC)).contains("lib.Provider.act()");

        var loadsNone = main("Service s = null; if (s != null) { s.act(); }");
        var none =
                analyze(new Fixture(directory).jar(service).jar(services, provider).jar(loadsNone));
        assertThat(none.capabilities()).as(none.text()).isEmpty();
    }

    @Test
    void aProviderOfAJdkServiceIsFollowedOnceItsModuleIsUsed() {
        var driver =
                """
                package lib;
                import java.sql.*;
                public class Driver implements java.sql.Driver {
                    public Connection connect(String url, java.util.Properties p) {
                        try { new ProcessBuilder("sh").start(); } catch (Exception e) {}
                        return null;
                    }
                    public boolean acceptsURL(String url) { return true; }
                    public DriverPropertyInfo[] getPropertyInfo(String u, java.util.Properties p) {
                        return null;
                    }
                    public int getMajorVersion() { return 1; }
                    public int getMinorVersion() { return 0; }
                    public boolean jdbcCompliant() { return false; }
                    public java.util.logging.Logger getParentLogger() { return null; }
                }
                """;
        var services = Map.of("META-INF/services/java.sql.Driver", "lib.Driver");
        var report =
                analyze(
                        new Fixture(directory)
                                .jar(services, driver)
                                .jar(main("java.sql.DriverManager.getConnection(\"x\");")));
        assertThat(path(report, Capability.EXEC))
                .contains("lib.Driver.connect(String, Properties)");
    }

    @Test
    void aClassNamedByAConstantIsFollowedAndReflectionIsReported() {
        var report =
                analyze(
                        SHELL,
                        """
                        package app;
                        class Hidden { Hidden() { Shell.run(); } }
                        """,
                        main(
                                "Class.forName(\"app.Hidden\").getDeclaredConstructor()"
                                        + ".newInstance();"));
        assertThat(path(report, Capability.REFLECTION)).hasSize(2);
        assertThat(path(report, Capability.EXEC)).contains("app.Hidden.<init>()");
    }

    @Test
    void aClassLiteralBesideReflectionIsFollowed() {
        var report = analyze(SHELL, main("Shell.class.getMethod(\"run\").invoke(null);"));
        assertThat(path(report, Capability.REFLECTION)).hasSize(2);
        assertThat(path(report, Capability.EXEC)).contains("app.Shell.run()");
    }

    @Test
    void methodHandlesAreReflection() {
        var report =
                analyze(
                        main(
                                """
                                java.lang.invoke.MethodHandles.lookup().findVirtual(
                                        ProcessBuilder.class, "start",
                                        java.lang.invoke.MethodType.methodType(Process.class))
                                        .invoke(new ProcessBuilder("sh"));
                                """));
        assertThat(path(report, Capability.REFLECTION)).hasSize(2);
    }

    @Test
    void foreignFunctionsAreNative() {
        var report =
                analyze(
                        main(
                                """
                                var linker = java.lang.foreign.Linker.nativeLinker();
                                System.out.println(linker.defaultLookup().find("system"));
                                """));
        assertThat(path(report, Capability.NATIVE))
                .endsWith("java.lang.foreign.Linker.nativeLinker()");
    }

    @Test
    void unsafeIsNative() {
        var report =
                analyze(
                        """
                        package app;
                        public class Main {
                            static sun.misc.Unsafe unsafe;
                            public static void main(String[] args) { unsafe.putInt(0L, 1); }
                        }
                        """);
        assertThat(path(report, Capability.NATIVE)).endsWith("sun.misc.Unsafe.putInt(long, int)");
    }

    @Test
    void aNativeMethodOfTheApplicationIsNative() {
        var report =
                analyze(
                        """
                        package app;
                        public class Main {
                            static native void poke();
                            public static void main(String[] args) { poke(); }
                        }
                        """);
        assertThat(path(report, Capability.NATIVE))
                .containsExactly("app.Main.main(String[])", "app.Main.poke()");
    }

    @Test
    void deserialisationRunsTheHooksOfEverySerialisableClass() {
        var report =
                analyze(
                        SHELL,
                        """
                        package app;
                        class Gadget implements java.io.Serializable {
                            private void readObject(java.io.ObjectInputStream in) { Shell.run(); }
                        }
                        """,
                        main("new java.io.ObjectInputStream(System.in).readObject();"));
        assertThat(path(report, Capability.DESERIALISATION)).hasSize(2);
        assertThat(path(report, Capability.EXEC))
                .contains("app.Gadget.readObject(ObjectInputStream)");
    }

    @Test
    void execBehindALambdaInATransitiveJarIsFound() {
        var deep =
                """
                package deep;
                public class Pool {
                    public static Runnable job(String command) {
                        return () -> {
                            try { Runtime.getRuntime().exec(new String[] {command}); }
                            catch (Exception e) {}
                        };
                    }
                }
                """;
        var lib =
                """
                package lib;
                public class Format {
                    private static final java.util.Map<String, Runnable> JOBS =
                            java.util.Map.of("x", deep.Pool.job("sh"));
                    public static String of(String name) {
                        JOBS.getOrDefault(name, () -> {}).run();
                        return name;
                    }
                }
                """;
        var report =
                analyze(
                        new Fixture(directory)
                                .jar(deep)
                                .jar(lib)
                                .jar(main("lib.Format.of(\"x\");")));
        assertThat(path(report, Capability.EXEC))
                .startsWith("app.Main.main(String[])")
                .contains("deep.Pool.job(String)")
                .endsWith("java.lang.Runtime.exec(String[])");
    }

    @Test
    void aSubclassOfAJdkTypeInheritsItsCapabilities() {
        var report =
                analyze(
                        "package app; class Worker extends Thread { }",
                        "package app; class Loader extends ClassLoader {"
                                + " void load(byte[] b) { defineClass(null, b, 0, b.length); } }",
                        main("new Worker().start(); new Loader().load(args[0].getBytes());"));
        assertThat(path(report, Capability.THREADS)).endsWith("java.lang.Thread.start()");
        assertThat(report.capabilities()).containsKey(Capability.CLASS_DEFINITION);
    }

    @Test
    void theEntryOfThisJavaCountsInAMultiReleaseJar() throws IOException {
        var harmless = "package lib; public class Part { public static void act() {} }";
        var bad =
                "package lib; public class Part { public static void act() throws Exception"
                        + " { new ProcessBuilder(\"sh\").start(); } }";
        var plain = new Fixture(directory).jar(harmless).classPath().getFirst();
        var other = new Fixture(Files.createDirectory(directory.resolve("other"))).jar(bad);
        var entries = new TreeMap<String, byte[]>();
        entries.put("META-INF/MANIFEST.MF", "Multi-Release: true\n".getBytes(UTF_8));
        entries.put("lib/Part.class", Fixture.entry(plain, "lib/Part.class"));
        entries.put(
                "META-INF/versions/21/lib/Part.class",
                Fixture.entry(other.classPath().getFirst(), "lib/Part.class"));
        var multi = Fixture.pack(directory.resolve("multi.jar"), entries);
        var main = other.jar(main("lib.Part.act();")).classPath().getFirst();
        var report = Analyzer.analyze(List.of(main, multi), List.of(Root.main("app.Main")));
        assertThat(path(report, Capability.EXEC)).contains("lib.Part.act()");
    }

    @Test
    void aBootstrapMethodOfTheApplicationRunsWhenItsCallSiteIsLinked() throws IOException {
        var bootstrap =
                MethodHandleDesc.ofMethod(
                        DirectMethodHandleDesc.Kind.STATIC,
                        ClassDesc.of("app.Shell"),
                        "run",
                        MethodTypeDesc.ofDescriptor("()V"));
        var site = DynamicCallSiteDesc.of(bootstrap, MethodTypeDesc.ofDescriptor("()V"));
        var bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.of("app.Main"),
                                type ->
                                        type.withMethodBody(
                                                "main",
                                                MethodTypeDesc.ofDescriptor("()V"),
                                                ClassFile.ACC_STATIC,
                                                code -> code.invokedynamic(site).return_()));
        var made = Fixture.pack(directory.resolve("m.jar"), Map.of("app/Main.class", bytes));
        var shell = new Fixture(directory).jar(SHELL).classPath().getFirst();
        var report = Analyzer.analyze(List.of(made, shell), List.of(Root.main("app.Main")));
        assertThat(path(report, Capability.EXEC)).contains("app.Shell.run()");
    }

    @Test
    void aRecordAndASwitchOverTypesReachNothing() {
        var report =
                analyze(
                        """
                        package app;
                        public class Main {
                            record Quote(String symbol, double price) {}
                            sealed interface Shape { }
                            record Round(int r) implements Shape { }
                            record Square(int a) implements Shape { }
                            public static void main(String[] args) {
                                Shape s = new Round(1);
                                int size = switch (s) { case Round(int r) -> r; case Square q -> q.a(); };
                                System.out.println(new Quote("CU", size) + "" + size);
                            }
                        }
                        """);
        assertThat(report.capabilities()).as(report.text()).isEmpty();
    }

    @Test
    void theSocketBehindAFactoryIsAConnection() {
        var report =
                analyze(
                        main(
                                "javax.net.ssl.SSLSocketFactory.getDefault()"
                                        + ".createSocket(\"h\", 1).getOutputStream();"));
        assertThat(path(report, Capability.NETWORK_CONNECT)).hasSize(2);
    }

    private static String[] concat(String[] parts, String last) {
        var all = Arrays.copyOf(parts, parts.length + 1);
        all[parts.length] = last;
        return all;
    }
}
