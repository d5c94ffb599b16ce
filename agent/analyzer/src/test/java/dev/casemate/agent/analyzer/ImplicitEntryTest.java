package dev.casemate.agent.analyzer;

import static dev.casemate.agent.analyzer.Fixture.SHELL;
import static dev.casemate.agent.analyzer.Fixture.main;
import static dev.casemate.agent.analyzer.Fixture.path;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Code that runs although no call instruction names it, and code from elsewhere.
final class ImplicitEntryTest {

    @TempDir Path directory;

    private Report analyze(String... sources) {
        return analyze(new Fixture(directory).jar(sources));
    }

    private static Report analyze(Fixture fixture) {
        return Analyzer.analyze(fixture.classPath(), List.of(Root.main("app.Main")));
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
        assertThat(report.text())
                .contains("names the class of app.Hidden.<init>()  (a constant names app.Hidden)");
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
}
