package dev.casemate.agent.analyzer;

import static dev.casemate.agent.analyzer.Fixture.SHELL;
import static dev.casemate.agent.analyzer.Fixture.main;
import static dev.casemate.agent.analyzer.Fixture.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Capability;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What code calls, in each way that the language has for calling.
final class LanguageFeatureTest {

    @TempDir Path directory;

    private Report analyze(String... sources) {
        return analyze(new Fixture(directory).jar(sources));
    }

    private static Report analyze(Fixture fixture) {
        return Analyzer.analyze(fixture.classPath(), List.of(Root.main("app.Main")));
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
        assertThat(path(report, Capability.EXEC)).endsWith("java.lang.ProcessBuilder.start()");
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
