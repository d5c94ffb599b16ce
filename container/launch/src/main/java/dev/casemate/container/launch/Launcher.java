package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Runs one contained agent from start to end, and leaves nothing behind.
///
/// The container, its network and its limits are made from the manifest and the bindings alone. It
/// needs podman with runc and ip, and nft where it is root; it says which of them is missing. Root
/// may have Docker in podman's place. Without root the network is a namespace without any link
/// ([RelayedNetwork]). Everything that it makes on the machine is named after the launch, and goes
/// when the launch ends, however it ends: normally, by an exception, by a signal to this process,
/// or by this process's death, after which the next launch takes away what was left. A signal is
/// passed on, and the agent has [#TIME_TO_END] to finish or hand back what it has in hand; a second
/// one ends it at once.
public final class Launcher {

    /// What an agent that was told to end needs for it at most; then it is killed.
    public static final Duration TIME_TO_END = Duration.ofSeconds(25);

    private final Commands commands = new ProcessCommands();
    private final boolean root = Rootless.isRoot();
    private final Remains remains = new Remains(commands, root);

    private Launcher() {}

    /// @param output each line that the agent prints to standard output, from one thread
    /// @param errors each line that it prints to standard error, and the launcher's own warnings;
    ///   may be called by two threads at once
    /// @throws LaunchException if the agent was not started
    public static Exit run(
            LaunchRequest request, Consumer<String> output, Consumer<String> errors) {
        return run(request, Supervision.NONE, output, errors);
    }

    /// The same, put on record and started again as the supervision says. All attempts have the
    /// request's run id: a tool's idempotency keys are made from it, so that what one attempt wrote
    /// the next does not write again.
    ///
    /// @param output each line that the agent prints to standard output, from one thread
    /// @param errors each line that it prints to standard error, and the launcher's own warnings;
    ///   may be called by two threads at once
    /// @return how the last attempt ended
    /// @throws LaunchException if the agent was not started, or not again
    public static Exit run(
            LaunchRequest request,
            Supervision supervision,
            Consumer<String> output,
            Consumer<String> errors) {
        supervision.require(request.work());
        var post = supervision.credential().map(file -> LedgerPost.of(request.proxy(), file));
        var restarts = new Restarts(supervision.restarts(), Pause.SLEEP, errors);
        return restarts.run(attempt ->
                new Launcher()
                        .launch(
                                new Attempt(request, post, restarts, supervision, attempt),
                                output,
                                errors));
    }

    /// One start of a request.
    ///
    /// @param number from 1
    private record Attempt(
            LaunchRequest request,
            Optional<LedgerPost> post,
            Restarts restarts,
            Supervision supervision,
            int number) {}

    /// Takes an image out of the engine's store. A launch keeps its image, so that the next one of
    /// the same agent need not load it.
    ///
    /// @param image the image's id: the digest of its configuration
    public static void removeImage(Digest image) {
        new ImageStore(new ProcessCommands(), Engine.here()).remove(image);
    }

    /// The id of the image in an archive, as an engine shows it.
    ///
    /// @throws LaunchException if it is not an archive of one image
    public static Digest imageId(Path archive) {
        return OciArchive.read(archive).image();
    }

    /// @throws LaunchException naming what this machine lacks for containing an agent
    public static void requireMachine() {
        var facts = new HostMachine(new ProcessCommands()).facts();
        if (facts.addresses().isEmpty()) {
            throw new LaunchException(
                    Code.UNSUPPORTED_MACHINE, "expected at least one network interface");
        }
    }

    private Exit launch(Attempt attempt, Consumer<String> output, Consumer<String> errors) {
        var request = attempt.request();
        warn(request, errors);
        var facts = new HostMachine(commands).facts(request.processLimits());
        facts.rootless().ifPresent(rootless -> warn(rootless, request, errors));
        if (facts.disk().isEmpty()) {
            errors.accept(
                    "casemate: disk bandwidth is not limited: no disk under the store of "
                            + facts.engine().program());
        }
        if (!facts.execOnce()) {
            errors.accept(
                    "casemate: the portable list of system calls is used: this runc cannot be told from the agent");
        }
        var archive = agentIn(request, errors);
        var image = archive.image();
        var engine = facts.engine();
        new ImageStore(commands, engine).load(request.archive(), archive);
        var base = base();
        var files = new LaunchFiles(base, new Places(base, remains).take(errors));
        engine.note(files);
        var container = new Container(commands, engine, files);
        try (var ending =
                new Ending(
                        container::tell,
                        container::kill,
                        () -> remains.remove(files).forEach(errors))) {
            var plan = LaunchPlan.of(request, image, files.id(), facts, files);
            new Mount(commands, root).write(plan, files, request.without());
            ending.requireWanted();
            try (var _ = network(plan, files, facts, errors)) {
                ending.requireWanted();
                return recorded(attempt, plan, files, container, output, errors);
            }
        }
    }

    /// Runs the container between two entries of the ledger; without the first it does not start.
    private static Exit recorded(
            Attempt attempt,
            LaunchPlan plan,
            LaunchFiles files,
            Container container,
            Consumer<String> output,
            Consumer<String> errors) {
        var request = attempt.request();
        var hearing = new Hearing(request.correlation());
        var record =
                new ContainerRecord(
                        request, attempt.post(), files.id(), attempt.number(), hearing, errors);
        record.started(plan.image().value(), attempt.supervision().restarts() + 1);
        Exit exit;
        try {
            exit =
                    container
                            .run(
                                    plan.command(),
                                    request.work(),
                                    request.manifest().limits().deadline(),
                                    hearing,
                                    both(record::output, output),
                                    both(record::error, errors))
                            .ofAttempt(attempt.number());
        } catch (LaunchException e) {
            record.ended(
                    new Exit(Container.ENGINE_CODES, Exit.Reason.NOT_STARTED, Duration.ZERO),
                    false);
            throw e;
        }
        boolean again = attempt.restarts().startsAgain(exit, attempt.number());
        return exit.recorded(record.ended(exit, again));
    }

    private Path base() {
        return root
                ? LaunchFiles.BASE
                : Rootless.base(
                        Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")), Rootless.user());
    }

    private OpenNetwork network(
            LaunchPlan plan, LaunchFiles files, HostFacts facts, Consumer<String> errors) {
        if (facts.rootless().isPresent()) {
            return new RelayedNetwork(files, plan.network().openings(), facts);
        }
        facts.engine().makeNamespace(commands, plan, files);
        new Namespace(commands, plan.network(), errors).open();
        return () -> {};
    }

    private static void warn(Rootless rootless, LaunchRequest request, Consumer<String> errors) {
        if (request.without().contains(Control.NETWORK)) {
            throw new LaunchException(
                    Code.INVALID_REQUEST, "expected root where the network control is off");
        }
        if (!rootless.controlGroups()) {
            errors.accept(
                    "casemate: WARNING: this user has no control groups: memory, threads, descriptors, /tmp and the number of processors are bounded for the process; the share of a processor and disk bandwidth ARE NOT");
        }
    }

    private static Consumer<String> both(Consumer<String> first, Consumer<String> second) {
        return line -> {
            first.accept(line);
            second.accept(line);
        };
    }

    private static void warn(LaunchRequest request, Consumer<String> errors) {
        request.without().stream()
                .sorted()
                .forEach(control ->
                        errors.accept(
                                "casemate: WARNING: control %s IS SWITCHED OFF for this launch"
                                        .formatted(control)));
    }

    /// The image in the archive, once it is known to be the manifest's.
    private static OciArchive agentIn(LaunchRequest request, Consumer<String> errors) {
        var archive = OciArchive.read(request.archive());
        var expected = Optional.of(request.manifest().digest().value());
        if (!archive.agentManifest().equals(expected)) {
            throw new LaunchException(
                    Code.IMAGE_MISMATCH,
                    "expected an image built for this manifest; build %s again"
                            .formatted(request.reference()));
        }
        if (request.verified().filter(image -> !image.equals(archive.image())).isPresent()) {
            throw new LaunchException(
                    Code.IMAGE_MISMATCH,
                    "expected the image that was verified; it was replaced since");
        }
        if (!archive.sealed()) {
            errors.accept("casemate: WARNING: the runtime of this image IS NOT SEALED");
        }
        return archive;
    }
}
