package dev.casemate.container.image;

import java.util.ArrayList;
import java.util.EnumSet;
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

    private final RemovedClasses removed = new RemovedClasses(RuleFile.resource(CLASSES));
    private final CutMethods cut = new CutMethods(RuleFile.resource(METHODS));

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
        return false;
    }

    @Override
    public String getDescription() {
        return "Takes classes and methods out of the runtime.";
    }

    @Override
    public String getUsage() {
        return "  --" + NAME + "   " + getDescription();
    }

    @Override
    public void configure(Map<String, String> settings) {
        // There is nothing to set: the rules are in the jar.
    }

    @Override
    public ResourcePool transform(ResourcePool in, ResourcePoolBuilder out) {
        in.entries().map(this::keep).flatMap(Optional::stream).forEach(out::add);
        var modules = new TreeSet<String>();
        in.moduleView().modules().forEach(module -> modules.add(module.name()));
        var stale = new ArrayList<>(removed.stale(modules));
        stale.addAll(cut.stale(modules));
        if (!stale.isEmpty()) {
            throw new PluginException(SealedLink.STALE + String.join(", ", stale));
        }
        System.out.println(removed.count() + " classes removed, " + cut.count() + " methods cut");
        return out.build();
    }

    private Optional<ResourcePoolEntry> keep(ResourcePoolEntry entry) {
        if (removed.removes(entry.path())) {
            return Optional.empty();
        }
        return Optional.of(
                cut.concerns(entry.path())
                        ? entry.copyWithContent(cut.apply(entry.path(), entry.contentBytes()))
                        : entry);
    }
}
