package dev.casemate.cli;

import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.OpenAiChatClient;
import dev.casemate.agent.sdk.Pause;
import dev.casemate.agent.sdk.RetryingModel;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// How one agent asks models through a proxy, seen from the host: no container is in between.
///
/// @param address of the proxy, which its certificate has to carry
/// @param model by the name that the proxy knows
record ProxyAccess(
        String address,
        int port,
        Path certificateAuthority,
        Path credential,
        AgentManifest manifest,
        String model) {

    /// A client for one run: the same one, with the same retries, that ships inside the agent.
    ChatModel client(Correlation correlation) {
        var deployment =
                new Deployment(
                        manifest.digest(),
                        correlation,
                        new Deployment.Endpoint(
                                address,
                                port,
                                Optional.of(certificateAuthority.toString()),
                                Optional.of(credential.toString())),
                        // None of the agent's tools runs here.
                        Map.of(),
                        model);
        return new RetryingModel(
                new OpenAiChatClient(deployment),
                InstantSource.system(),
                new SecureRandom(),
                Pause.SLEEP,
                _ -> {});
    }
}
