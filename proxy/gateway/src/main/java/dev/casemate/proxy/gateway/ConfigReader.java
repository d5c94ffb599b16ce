package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import dev.casemate.proxy.finops.Budget;
import dev.casemate.proxy.finops.Cost;
import dev.casemate.proxy.finops.FinopsException;
import dev.casemate.proxy.finops.Period;
import dev.casemate.proxy.finops.Price;
import dev.casemate.proxy.finops.Subject;
import dev.casemate.proxy.gateway.ConfigException.Code;
import dev.casemate.proxy.policy.Policy;
import dev.casemate.proxy.policy.PolicyException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads the configuration file of a gateway.
final class ConfigReader {

    private static final String DEPLOYMENTS = "deployments";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "localhost");
    private static final Set<String> OUTPUT_LIMIT_FIELDS =
            Set.of("max_tokens", "max_completion_tokens");

    private final Path base;

    private ConfigReader(Path base) {
        this.base = base;
    }

    static GatewayConfig read(Path yaml) {
        var file = yaml.toAbsolutePath();
        var parent = file.getParent();
        var reader = new ConfigReader(parent == null ? file : parent);
        return Yaml.read(yaml).mapping(reader::config);
    }

    private GatewayConfig config(Yaml.Mapping root) {
        var listen = root.take("listen").mapping(this::listen);
        var admin = root.take("admin").mapping(ConfigReader::admin);
        var ledger = root.take("ledger").mapping(this::ledger);
        var limits =
                root.find("limits")
                        .map(limit -> limit.mapping(ConfigReader::limits))
                        .orElseGet(GatewayConfig.TrafficLimits::defaults);
        var upstreams =
                named(
                        root.take("upstreams"),
                        upstream -> upstream.mapping(this::upstream),
                        GatewayConfig.Upstream::name);
        var models =
                named(
                        root.take("models"),
                        model -> model.mapping(fields -> model(model, fields)),
                        GatewayConfig.Model::name);
        checkUpstreams(root.take("models"), models, upstreams);
        var agents =
                named(
                        root.take("agents"),
                        agent -> agent.mapping(this::agent),
                        agent -> agent.credentialSha256().hex());
        requireOwnCredentials(root.take("agents"), agents);
        var budgets =
                root.find("budgets")
                        .map(list -> named(list, ConfigReader::budget, Budget::name))
                        .orElse(List.of());
        var policy = root.find("policy").map(ConfigReader::policy).orElseGet(Policy::defaults);
        root.find(DEPLOYMENTS); // read by whoever launches agents
        return new GatewayConfig(
                listen, admin, ledger, limits, upstreams, models, agents, budgets, policy);
    }

    private static <T> List<T> named(Yaml list, Function<Yaml, T> read, Function<T, String> name) {
        var seen = new HashSet<String>();
        return list.list(item -> {
            var value = read.apply(item);
            if (!seen.add(name.apply(value))) {
                throw item.refuse(Code.BROKEN_REFERENCE, "each name or credential once");
            }
            return value;
        });
    }

    private GatewayConfig.Listen listen(Yaml.Mapping fields) {
        return new GatewayConfig.Listen(
                fields.take("host").string(),
                (int) fields.take("port").whole(0, 65_535),
                path(fields.take("keyStore")),
                path(fields.take("keyStorePasswordFile")));
    }

    private static GatewayConfig.Admin admin(Yaml.Mapping fields) {
        var host = fields.take("host");
        if (!LOOPBACK.contains(host.string())) {
            throw host.refuse(Code.INVALID_VALUE, "a loopback address: this side has no TLS");
        }
        return new GatewayConfig.Admin(host.string(), (int) fields.take("port").whole(0, 65_535));
    }

    private GatewayConfig.LedgerFiles ledger(Yaml.Mapping fields) {
        return new GatewayConfig.LedgerFiles(
                path(fields.take("directory")),
                path(fields.take("signingKey")),
                fields.find("origin").map(Yaml::string).orElse("casemate.local/proxy"));
    }

    private static GatewayConfig.TrafficLimits limits(Yaml.Mapping fields) {
        var fallback = GatewayConfig.TrafficLimits.defaults();
        int most = GatewayConfig.TrafficLimits.MAX_BODY_BYTES;
        return new GatewayConfig.TrafficLimits(
                (int) fields.whole("bodyBytes", fallback.bodyBytes(), 1_024, most),
                (int) fields.whole("headerBytes", fallback.headerBytes(), 1_024, 1 << 20),
                Duration.ofSeconds(
                        fields.whole("upstreamSeconds", fallback.upstream().toSeconds(), 1, 3_600)),
                Duration.ofSeconds(
                        fields.whole("idleSeconds", fallback.idle().toSeconds(), 1, 3_600)),
                (int)
                        fields.whole(
                                "concurrentExchanges", fallback.concurrentExchanges(), 1, 100_000),
                (int) fields.whole("answerBytes", fallback.answerBytes(), 1_024, most));
    }

    private GatewayConfig.Upstream upstream(Yaml.Mapping fields) {
        var url = fields.take("url");
        return new GatewayConfig.Upstream(
                fields.take("name").string(),
                fields.find("format")
                        .map(format -> choice(format, WireFormat.values()))
                        .orElse(WireFormat.OPENAI_CHAT),
                url(url),
                fields.find("certificateAuthority").map(this::path),
                fields.find("keyFile").map(this::path));
    }

    private static URI url(Yaml field) {
        try {
            var url = new URI(field.string());
            boolean safe =
                    "https".equals(url.getScheme())
                            || ("http".equals(url.getScheme()) && LOOPBACK.contains(url.getHost()));
            if (url.getHost() == null
                    || !safe
                    || url.getRawUserInfo() != null
                    || url.getRawQuery() != null
                    || url.getRawFragment() != null) {
                throw field.refuse(
                        Code.INVALID_VALUE,
                        "https://host[:port]/path, or http:// to a loopback address");
            }
            return url;
        } catch (URISyntaxException e) {
            throw field.refuse(Code.INVALID_VALUE, "a URL");
        }
    }

    private static GatewayConfig.Model model(Yaml item, Yaml.Mapping fields) {
        var name = fields.take("name").string();
        var limitField = fields.find("outputLimitField");
        limitField
                .filter(field -> !OUTPUT_LIMIT_FIELDS.contains(field.string()))
                .ifPresent(field -> {
                    throw field.refuse(Code.INVALID_VALUE, "one of " + OUTPUT_LIMIT_FIELDS);
                });
        return new GatewayConfig.Model(
                name,
                fields.take("upstream").string(),
                fields.find("fallbacks").map(list -> list.list(Yaml::string)).orElse(List.of()),
                fields.find("upstreamModel").map(Yaml::string).orElse(name),
                (int) fields.take("maxOutputTokens").whole(1, 10_000_000),
                limitField.map(Yaml::string).orElse("max_tokens"),
                price(item, name, fields));
    }

    private static Optional<Price> price(Yaml item, String model, Yaml.Mapping fields) {
        var input = fields.find("inputUsdPerMillion").map(ConfigReader::usd);
        var cached = fields.find("cachedInputUsdPerMillion").map(ConfigReader::usd);
        var output = fields.find("outputUsdPerMillion").map(ConfigReader::usd);
        if (input.isEmpty() && cached.isEmpty() && output.isEmpty()) {
            return Optional.empty();
        } else if (input.isEmpty() || output.isEmpty()) {
            throw item.refuse(
                    Code.MISSING_KEY, "inputUsdPerMillion and outputUsdPerMillion, or no price");
        }
        try {
            var fresh = input.get();
            return Optional.of(new Price(model, fresh, cached.orElse(fresh), output.get()));
        } catch (FinopsException e) {
            throw item.refuse(Code.INVALID_VALUE, "a price that can be: " + e.getMessage());
        }
    }

    private static Cost usd(Yaml field) {
        try {
            return Cost.ofUsd(field.string());
        } catch (FinopsException e) {
            throw field.refuse(Code.INVALID_VALUE, "dollars as a decimal in quotes, \"0.15\"");
        }
    }

    private static void checkUpstreams(
            Yaml list, List<GatewayConfig.Model> models, List<GatewayConfig.Upstream> upstreams) {
        var formats =
                upstreams.stream()
                        .collect(
                                Collectors.toMap(
                                        GatewayConfig.Upstream::name,
                                        GatewayConfig.Upstream::format));
        var items = list.list(item -> item);
        for (int i = 0; i < models.size(); i++) {
            var asked = models.get(i).upstreams();
            if (!formats.keySet().containsAll(asked)) {
                throw items.get(i).refuse(Code.BROKEN_REFERENCE, "the name of an upstream");
            } else if (Set.copyOf(asked).size() < asked.size()) {
                throw items.get(i).refuse(Code.BROKEN_REFERENCE, "each upstream once");
            } else if (asked.stream().map(formats::get).distinct().count() > 1) {
                throw items.get(i)
                        .refuse(Code.INVALID_VALUE, "fallbacks of the same format as the upstream");
            }
        }
    }

    private GatewayConfig.Agent agent(Yaml.Mapping fields) {
        var digest = fields.take("digest");
        var hash = fields.take("credentialSha256");
        var launcher = fields.find("launcherCredentialSha256").map(ConfigReader::hash);
        try {
            return new GatewayConfig.Agent(
                    path(fields.take("manifest")),
                    new Digest(digest.string()),
                    fields.take("team").string(),
                    new GatewayConfig.CredentialHash(hash.string()),
                    launcher);
        } catch (ManifestException e) {
            throw digest.refuse(Code.INVALID_VALUE, "sha256: and 64 lower-case hex digits");
        } catch (IllegalArgumentException e) {
            throw hash.refuse(Code.INVALID_VALUE, "64 hexadecimal digits");
        }
    }

    private static GatewayConfig.CredentialHash hash(Yaml field) {
        try {
            return new GatewayConfig.CredentialHash(field.string());
        } catch (IllegalArgumentException e) {
            throw field.refuse(Code.INVALID_VALUE, "64 hexadecimal digits");
        }
    }

    /// A launcher's credential that is also an agent's would let the agent write its own record.
    private static void requireOwnCredentials(Yaml list, List<GatewayConfig.Agent> agents) {
        var seen =
                agents.stream()
                        .map(agent -> agent.credentialSha256().hex().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toCollection(HashSet::new));
        var items = list.list(item -> item);
        for (int i = 0; i < agents.size(); i++) {
            var launcher = agents.get(i).launcherCredentialSha256();
            if (launcher.isPresent() && !seen.add(launcher.get().hex().toLowerCase(Locale.ROOT))) {
                throw items.get(i)
                        .refuse(
                                Code.BROKEN_REFERENCE,
                                "a launcherCredentialSha256 that is nobody else's, and not the agent's");
            }
        }
    }

    private static Budget budget(Yaml item) {
        return item.mapping(fields -> {
            try {
                return new Budget(
                        fields.take("name").string(),
                        choice(fields.take("subject"), Subject.values()),
                        fields.find("value").map(Yaml::string).orElse(""),
                        choice(fields.take("period"), Period.values()),
                        usd(fields.take("limitUsd")),
                        (int) fields.whole("alertPercent", 80, 1, 100));
            } catch (FinopsException e) {
                throw item.refuse(Code.INVALID_VALUE, "a budget: " + e.getMessage());
            }
        });
    }

    private static <E extends Enum<E>> E choice(Yaml field, E[] constants) {
        for (var constant : constants) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(field.string())) {
                return constant;
            }
        }
        throw field.refuse(
                Code.INVALID_VALUE,
                "one of " + List.of(constants).toString().toLowerCase(Locale.ROOT));
    }

    private static Policy policy(Yaml field) {
        if (!(field.json() instanceof Json.Obj document)) {
            throw field.refuse(Code.INVALID_VALUE, "a mapping");
        }
        try {
            return Policy.read(document);
        } catch (PolicyException e) {
            throw field.refuse(Code.INVALID_VALUE, "a policy: " + e.getMessage());
        }
    }

    private Path path(Yaml field) {
        return base.resolve(field.string()).normalize();
    }
}
