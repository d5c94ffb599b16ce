package dev.casemate.cli;

import dev.casemate.proxy.gateway.Gateway;
import dev.casemate.proxy.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "proxy",
        description = "Runs the inference proxy until it is told to end.",
        mixinStandardHelpOptions = true)
final class ProxyCommand implements Callable<Integer> {

    @Option(names = "--config", required = true, description = "The configuration file.")
    private Path config;

    @Override
    public Integer call() throws InterruptedException {
        var gateway = Gateway.start(GatewayConfig.read(config));
        var ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    gateway.close();
                                    ended.countDown();
                                },
                                "proxy-shutdown"));
        System.out.println("proxy: agents on port " + gateway.port() + " (TLS)");
        System.out.println("proxy: metrics and health on loopback port " + gateway.adminPort());
        ended.await();
        return 0;
    }
}
