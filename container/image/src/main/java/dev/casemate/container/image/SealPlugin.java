package dev.casemate.container.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jdk.tools.jlink.plugin.Plugin;
import jdk.tools.jlink.plugin.PluginException;
import jdk.tools.jlink.plugin.ResourcePool;
import jdk.tools.jlink.plugin.ResourcePoolBuilder;
import jdk.tools.jlink.plugin.ResourcePoolEntry;

/// The step of jlink that takes classes and methods out of the runtime.
///
/// jlink's own `--exclude-resources` says nothing when a pattern matches nothing; this one refuses
/// to link, so that a class that a later JDK renames does not come back unseen.
final class SealPlugin implements Plugin {

    static final String NAME = "casemate-seal";
    static final String CLASSES = "removed-classes.txt";
    static final String METHODS = "cut-methods.txt";

    static final String KEPT = "kept-classes.txt";

    private final ClassRules removed = new ClassRules(RuleFile.resource(CLASSES));
    private final CutMethods cut = new CutMethods(RuleFile.resource(METHODS));
    private final ClassRules kept = new ClassRules(RuleFile.resource(KEPT));
    private Set<String> named = Set.of();

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public Category getType() {
        return Category.FILTER;
    }

    @Override
    public Set<State> getState() {
        return EnumSet.of(State.FUNCTIONAL);
    }

    @Override
    public boolean hasArguments() {
        return true;
    }

    @Override
    public String getDescription() {
        return "Takes classes and methods out of the runtime, given a file of names to keep.";
    }

    @Override
    public String getUsage() {
        return "  --" + NAME + "=FILE   " + getDescription();
    }

    @Override
    public void configure(Map<String, String> settings) {
        try {
            named = Set.copyOf(Files.readAllLines(Path.of(settings.get(NAME))));
        } catch (IOException e) {
            throw new PluginException("expected the file of names", e);
        }
    }

    @Override
    public ResourcePool transform(ResourcePool in, ResourcePoolBuilder out) {
        var sealed = in.entries().map(this::keep).flatMap(Optional::stream).toList();
        var reached = reached(in, sealed);
        var left = sealed.stream().filter(entry -> isLeft(entry, reached)).toList();
        left.forEach(out::add);
        var modules = new TreeSet<String>();
        in.moduleView().modules().forEach(module -> modules.add(module.name()));
        var stale = new ArrayList<>(removed.stale(modules));
        stale.addAll(cut.stale(modules));
        stale.addAll(kept.stale(modules));
        if (!stale.isEmpty()) {
            throw new PluginException(SealedLink.STALE + String.join(", ", stale));
        }
        System.out.printf(
                "%d classes removed, %d methods cut, %d classes of %d reached%n",
                removed.count(),
                cut.count(),
                reached.size(),
                reached.size() + sealed.size() - left.size());
        return out.build();
    }

    private Set<String> reached(ResourcePool pool, List<ResourcePoolEntry> entries) {
        var classes = new HashMap<String, byte[]>();
        for (var entry : entries) {
            className(entry).ifPresent(name -> classes.put(name, entry.contentBytes()));
        }
        var reached = new ReachedClasses(classes);
        pool.moduleView()
                .modules()
                .forEach(module ->
                        module.descriptor()
                                .provides()
                                .forEach(provides ->
                                        reached.provide(
                                                internal(provides.service()),
                                                provides.providers().stream()
                                                        .map(SealPlugin::internal)
                                                        .toList())));
        named.forEach(reached::reach);
        for (var entry : entries) {
            switch (entry.type()) {
                case NATIVE_LIB, NATIVE_CMD -> reached.reachFromBinary(entry.contentBytes());
                default -> {
                    if (kept.matches(entry.path())) {
                        className(entry).ifPresent(reached::reach);
                    }
                }
            }
        }
        return reached.all();
    }

    private static String internal(String name) {
        return name.replace('.', '/');
    }

    private static boolean isLeft(ResourcePoolEntry entry, Set<String> reached) {
        return className(entry).map(reached::contains).orElse(true);
    }

    /// Empty for what is no class, and for the descriptors of modules, which stay.
    private static Optional<String> className(ResourcePoolEntry entry) {
        var path = entry.path();
        if (!path.endsWith(".class") || path.endsWith("/module-info.class")) {
            return Optional.empty();
        }
        return Optional.of(path.substring(path.indexOf('/', 1) + 1, path.length() - 6));
    }

    private Optional<ResourcePoolEntry> keep(ResourcePoolEntry entry) {
        if (removed.matches(entry.path())) {
            return Optional.empty();
        }
        return Optional.of(
                cut.concerns(entry.path())
                        ? entry.copyWithContent(cut.apply(entry.path(), entry.contentBytes()))
                        : entry);
    }
}
