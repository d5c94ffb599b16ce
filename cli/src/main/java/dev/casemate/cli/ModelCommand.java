package dev.casemate.cli;

import dev.casemate.governance.StandInModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "model",
        description = {
            "Plays a model on loopback, until it is told to end: for trying an agent without one.",
            "The script is a JSON object with the member script, an array of {\"call\": TOOL,"
                    + " \"arguments\": {...}} and {\"say\": TEXT}, one for each answer."
        },
        mixinStandardHelpOptions = true)
final class ModelCommand implements Callable<Integer> {

    @Option(names = "--script", required = true, description = "What it says.")
    private Path script;

    @Option(
            names = "--port",
            defaultValue = "8090",
            description = "Where it listens on loopback (default: ${DEFAULT-VALUE}).")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        var model = StandInModel.start(script, port);
        var ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    model.close();
                                    ended.countDown();
                                },
                                "model-shutdown"));
        System.out.println("model: a script, at http://127.0.0.1:" + model.port() + "/v1");
        ended.await();
        return 0;
    }
}
