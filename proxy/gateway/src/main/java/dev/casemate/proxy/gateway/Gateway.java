package dev.casemate.proxy.gateway;

import dev.casemate.proxy.audit.Ledger;
import dev.casemate.proxy.audit.LedgerException;
import dev.casemate.proxy.audit.LedgerSettings;
import dev.casemate.proxy.finops.Alert;
import dev.casemate.proxy.finops.Budgets;
import dev.casemate.proxy.finops.FinopsException;
import dev.casemate.proxy.finops.Meter;
import dev.casemate.proxy.gateway.ConfigException.Code;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// The inference proxy: the one door between agents and models.
///
/// It listens once everything is checked: configuration, secrets, manifests, the ledger and what it
/// says of money already spent. Closing it lets what is inside end first.
public final class Gateway implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());

    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    /// How long closing waits for exchanges that are inside.
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    /// A reservation outlives the upstream's deadline by this.
    private static final Duration SETTLING_LIMIT = Duration.ofMinutes(2);

    /// Request bodies in memory at one time take at most this part of the heap.
    private static final int HEAP_SHARE = 16;

    private static final int WORKERS = 8;

    private final GatewayConfig config;
    private final Vertx vertx;
    private final Ledger ledger;
    private final Services services;
    private final Budgets budgets;
    private final Meter meter;
    private final int port;
    private final int adminPort;
    private boolean closed;

    private Gateway(
            GatewayConfig config,
            Vertx vertx,
            Ledger ledger,
            Services services,
            Budgets budgets,
            Meter meter,
            int port,
            int adminPort) {
        this.config = config;
        this.vertx = vertx;
        this.ledger = ledger;
        this.services = services;
        this.budgets = budgets;
        this.meter = meter;
        this.port = port;
        this.adminPort = adminPort;
    }

    /// @throws ConfigException if anything is not as it must be; nothing listens then
    /// @throws LedgerException if the ledger is damaged, tampered with or held by another writer
    public static Gateway start(GatewayConfig config) {
        return start(config, InstantSource.system());
    }

    static Gateway start(GatewayConfig config, InstantSource clock) {
        var password = Secret.read(config.listen().keyStorePasswordFile());
        var keys = upstreamKeys(config);
        var agents = new AgentRegistry(config.agents());
        var budgets = budgets(config, clock);
        var meter = new Meter();
        var ledger =
                Ledger.open(
                        config.ledger().directory(),
                        LedgerSettings.of(config.ledger().origin(), config.ledger().signingKey()));
        Vertx vertx = null;
        try {
            recover(config, ledger, budgets, meter, clock);
            vertx = vertx();
            var services = services(config, clock, agents, budgets, meter, ledger);
            var port = listen(vertx, services, keys, password);
            var admin = await(AdminServer.start(vertx, services), "admin");
            LOG.log(
                    System.Logger.Level.INFO,
                    "listening for {0} agents on {1}, admin on {2}",
                    agents.admitted().size(),
                    String.valueOf(port),
                    String.valueOf(admin.actualPort()));
            return new Gateway(
                    config, vertx, ledger, services, budgets, meter, port, admin.actualPort());
        } catch (RuntimeException e) {
            if (vertx != null) {
                await(vertx.close(), "vertx");
            }
            ledger.close();
            throw e;
        }
    }

    private static Map<String, Secret> upstreamKeys(GatewayConfig config) {
        var keys = new LinkedHashMap<String, Secret>();
        for (var upstream : config.upstreams()) {
            upstream.keyFile().ifPresent(file -> keys.put(upstream.name(), Secret.read(file)));
        }
        return keys;
    }

    private static Budgets budgets(GatewayConfig config, InstantSource clock) {
        try {
            return new Budgets(config.budgets(), clock, Gateway::alert);
        } catch (FinopsException e) {
            throw new ConfigException(Code.INVALID_VALUE, "budgets", "expected others", e);
        }
    }

    private static void alert(Alert alert) {
        LOG.log(
                System.Logger.Level.WARNING,
                "budget {0} of {1}: {2} USD used, alert at {3} percent of {4}",
                alert.budget().name(),
                alert.value(),
                alert.used().usd(),
                alert.budget().alertPercent(),
                alert.budget().limit().usd());
    }

    private static void recover(
            GatewayConfig config,
            Ledger ledger,
            Budgets budgets,
            Meter meter,
            InstantSource clock) {
        var lost = Recovery.replay(config.ledger().directory(), budgets, meter, clock);
        var appended = lost.stream().map(ledger::append).toArray(CompletableFuture<?>[]::new);
        if (!lost.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} exchanges were lost when the last gateway stopped: counted in full",
                    lost.size());
        }
        await(CompletableFuture.allOf(appended), "ledger");
    }

    private static Vertx vertx() {
        return Vertx.vertx(
                new VertxOptions()
                        .setWorkerPoolSize(WORKERS)
                        .setFileSystemOptions(
                                new FileSystemOptions()
                                        .setFileCachingEnabled(false)
                                        .setClassPathResolvingEnabled(false)));
    }

    private static Services services(
            GatewayConfig config,
            InstantSource clock,
            AgentRegistry agents,
            Budgets budgets,
            Meter meter,
            Ledger ledger) {
        var judge = new Judge(config.policy());
        var books = new Books(budgets, meter, config.limits().upstream().plus(SETTLING_LIMIT));
        var turnstile =
                new Turnstile(
                        config.limits().concurrentExchanges(),
                        Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        var telemetry = new Telemetry(turnstile, budgets, config.budgets());
        return new Services(
                config,
                agents,
                new Pipeline(config, judge, books),
                judge,
                books,
                new Records(clock, config.version()),
                new Recorder(ledger, telemetry),
                telemetry,
                turnstile,
                new StrangerQuota(System::nanoTime),
                config.upstreams().stream()
                        .collect(
                                Collectors.toMap(
                                        GatewayConfig.Upstream::name,
                                        _ -> new Breaker(System::nanoTime))));
    }

    private static int listen(
            Vertx vertx, Services services, Map<String, Secret> keys, Secret password) {
        var port = new CompletableFuture<Integer>();
        var open = new AtomicInteger();
        int loops = Runtime.getRuntime().availableProcessors();
        await(
                vertx.deployVerticle(
                        () -> new Listener(services, keys, password, open, port),
                        new DeploymentOptions().setInstances(loops)),
                "listen");
        return await(port, "listen");
    }

    private static <T> T await(Future<T> future, String what) {
        return await(future.toCompletionStage().toCompletableFuture(), what);
    }

    private static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ConfigException(
                    Code.CANNOT_START, what, "expected it to start or stop: see the cause", e);
        } catch (TimeoutException e) {
            throw new ConfigException(
                    Code.CANNOT_START, what, "expected it within " + START_LIMIT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException(Code.CANNOT_START, what, "interrupted", e);
        }
    }

    /// The agents' port.
    public int port() {
        return port;
    }

    public int adminPort() {
        return adminPort;
    }

    /// Tokens and cost so far, what the ledger remembers included.
    public Meter meter() {
        return meter;
    }

    public Budgets budgets() {
        return budgets;
    }

    public Path ledgerDirectory() {
        return config.ledger().directory();
    }

    /// Lets nobody in, waits for those inside, and closes the ledger last.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!services.turnstile().drain(DRAIN_LIMIT)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} exchanges did not end in time: their connections are closed",
                        services.turnstile().exchanges());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            await(vertx.close(), "close");
            ledger.close();
            services.telemetry().close();
        }
    }
}
