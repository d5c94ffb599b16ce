package dev.casemate.cli;

import dev.casemate.agent.testkit.Judge;
import dev.casemate.manifest.CanonicalJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "judge-manifest",
        description = "Prints the manifest of a judge for evaluations, for a proxy to admit.",
        mixinStandardHelpOptions = true)
final class JudgeManifestCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "The model to ask, by the proxy's name for it.")
    private String model;

    @Override
    public Integer call() {
        var manifest = Judge.manifest(model);
        System.out.println(CanonicalJson.text(manifest.toJson()));
        System.err.println("manifest " + manifest.digest());
        return 0;
    }
}
