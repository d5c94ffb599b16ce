package dev.casemate.proxy.gateway;

import java.nio.file.Path;

/// A gateway in a process of its own, for tests that kill it.
final class GatewayProcess {

    private GatewayProcess() {}

    public static void main(String[] arguments) throws Exception {
        var gateway = Gateway.start(GatewayConfig.read(Path.of(arguments[0])));
        System.out.println("port " + gateway.port());
        // Until its parent ends it, or ends.
        while (System.in.read() >= 0) {
            Thread.onSpinWait();
        }
        Runtime.getRuntime().halt(1);
    }
}
